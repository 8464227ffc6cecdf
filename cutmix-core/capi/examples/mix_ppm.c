/* Mixes two PPM files (P6, 8 bits) by CutMix and prints the weights of their labels.
 *
 *   mix_ppm A.ppm B.ppm OUT.ppm [SEED [INDEX [ALPHA]]]
 *
 * The same numbers give the same picture on every machine. C99 and C++17. Exits with 2 and one line on any mistake; OUT
 * is only replaced by a whole picture. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cutmix.h"

typedef struct {
    uint32_t width, height;
    size_t bytes;
    uint8_t *pixels;
} picture;

static int fail(const char *what, const char *why) {
    fprintf(stderr, "mix_ppm: %s: %s\n", what, why);
    return 2;
}

/* A number of a PPM header, after white space and comments; 0 if there is none below a million. */
static uint32_t header_number(FILE *file) {
    uint32_t number = 0;
    int c = getc(file);
    while (isspace(c) || c == '#') {
        if (c == '#') {
            while (c != '\n' && c != EOF) c = getc(file);
        }
        c = getc(file);
    }
    while (c >= '0' && c <= '9') {
        number = number * 10 + (uint32_t)(c - '0');
        if (number >= 1000000) return 0;
        c = getc(file);
    }
    /* One white space ends the number, and after the last one the header. */
    return isspace(c) ? number : 0;
}

static int read_ppm(const char *path, picture *into) {
    FILE *file = fopen(path, "rb");
    uint32_t most;
    const char *why = NULL;
    into->pixels = NULL;
    if (!file) return fail(path, strerror(errno));
    if (getc(file) != 'P' || getc(file) != '6') {
        why = "not a binary PPM (P6)";
    } else {
        into->width = header_number(file);
        into->height = header_number(file);
        most = header_number(file);
        if (into->width == 0 || into->height == 0) {
            why = "width and height must be whole numbers from 1 to 999999";
        } else if (most != 255) {
            why = "only pictures of 8 bits (a greatest value of 255) are read";
        } else if ((uint64_t)into->width * into->height > 100000000) {
            why = "more than 100 million pixels";
        } else {
            into->bytes = (size_t)into->width * into->height * 3;
            into->pixels = (uint8_t *)malloc(into->bytes);
            if (!into->pixels) {
                why = "not enough memory";
            } else if (fread(into->pixels, 1, into->bytes, file) != into->bytes) {
                why = "the file ends within the pixels";
            }
        }
    }
    fclose(file);
    return why ? fail(path, why) : 0;
}

static int write_ppm(const char *path, const picture *from) {
    size_t length = strlen(path);
    char *temporary = (char *)malloc(length + 5);
    FILE *file;
    int good;
    if (!temporary) return fail(path, "not enough memory");
    memcpy(temporary, path, length);
    memcpy(temporary + length, ".tmp", 5);
    file = fopen(temporary, "wb");
    good = file != NULL;
    if (good) {
        good = fprintf(file, "P6\n%lu %lu\n255\n", (unsigned long)from->width, (unsigned long)from->height) > 0;
        good = good && fwrite(from->pixels, 1, from->bytes, file) == from->bytes;
        good = (fclose(file) == 0) && good;
        good = good && rename(temporary, path) == 0;
        if (!good) remove(temporary);
    }
    free(temporary);
    return good ? 0 : fail(path, "cannot be written");
}

static int parse_u64(const char *text, uint64_t *number) {
    char *end;
    if (!isdigit((unsigned char)text[0])) return 0;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *end == 0 && errno == 0;
}

static int mix(picture *a, picture *b, uint64_t seed, uint64_t index, double alpha) {
    cutmix_config config;
    cutmix_sample sample;
    cutmix_image base, donor;
    float weight_a = 0, weight_b = 0;
    cutmix_status status = cutmix_config_init(&config, sizeof config, a->width, a->height);
    if (!status) {
        config.cutmix_alpha = config.cutmix_beta = alpha;
        status = cutmix_sample_init(&sample, sizeof sample);
    }
    if (!status) status = cutmix_plan_sample(seed, 0, index, &config, &sample);
    if (!status) {
        status = cutmix_image_nhwc(&base, sizeof base, a->pixels, a->bytes, a->width, a->height, 3, CUTMIX_ELEMENT_U8);
    }
    if (!status) {
        status = cutmix_image_nhwc(&donor, sizeof donor, b->pixels, b->bytes, b->width, b->height, 3, CUTMIX_ELEMENT_U8);
    }
    if (!status) status = cutmix_mix_in_place(CUTMIX_LEVEL_BEST, &base, &donor, &sample, NULL);
    if (!status) status = cutmix_label_weights(&sample, &weight_a, &weight_b);
    if (status) return fail("cutmix", cutmix_status_message(status));
    printf("box %lu %lu %lu %lu, label %.9g A + %.9g B\n", (unsigned long)sample.patch[0], (unsigned long)sample.patch[1],
           (unsigned long)sample.patch[2], (unsigned long)sample.patch[3], (double)weight_a, (double)weight_b);
    return 0;
}

int main(int argc, char **argv) {
    picture a, b;
    uint64_t seed = 0, index = 0;
    double alpha = 1;
    char *end;
    int code;
    a.pixels = b.pixels = NULL;
    if (argc < 4 || argc > 7) {
        fprintf(stderr, "usage: mix_ppm A.ppm B.ppm OUT.ppm [SEED [INDEX [ALPHA]]]\n");
        return 2;
    }
    if (argc > 4 && !parse_u64(argv[4], &seed)) return fail(argv[4], "SEED is a whole number below 2^64");
    if (argc > 5 && !parse_u64(argv[5], &index)) return fail(argv[5], "INDEX is a whole number below 2^64");
    if (argc > 6) {
        alpha = strtod(argv[6], &end);
        if (end == argv[6] || *end) return fail(argv[6], "ALPHA is a number");
    }
    code = read_ppm(argv[1], &a);
    if (!code) code = read_ppm(argv[2], &b);
    if (!code) code = mix(&a, &b, seed, index, alpha);
    if (!code) code = write_ppm(argv[3], &a);
    free(a.pixels);
    free(b.pixels);
    return code;
}
