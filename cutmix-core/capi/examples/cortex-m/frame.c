/* CutMix in place on a static frame, as a camera pipeline would do it: key to pixels and label, in five calls, without a
 * heap. The same code runs on the board (with board.c) and on the desk (with -DHOST); both must print the same line. */
#include "frame.h"

#include "cutmix.h"

enum { WIDTH = 96, HEIGHT = 64, CHANNELS = 2, CLASSES = 4 };

static uint8_t frame[WIDTH * HEIGHT * CHANNELS], donor[WIDTH * HEIGHT * CHANNELS];

static void hex(char **text, uint64_t value, int digits) {
    while (digits-- > 0) *(*text)++ = "0123456789abcdef"[(value >> (4 * digits)) & 15];
    *(*text)++ = ' ';
}

/* FNV-1a over bytes. */
static uint64_t absorb(uint64_t hash, const void *bytes, uint32_t count) {
    const uint8_t *byte = (const uint8_t *)bytes;
    while (count--) hash = (hash ^ *byte++) * 0x100000001b3u;
    return hash;
}

/* Writes "box x0 y0 x1 y1 label bits digest" into `line`, of at least 120 bytes; returns the status. */
int32_t mix_frame(uint64_t index, char *line) {
    cutmix_config config;
    cutmix_sample sample;
    cutmix_image base, other;
    float row[CLASSES];
    uint32_t i, bits[CLASSES];
    uint64_t digest;
    cutmix_status status;
    for (i = 0; i < sizeof frame; ++i) {
        frame[i] = (uint8_t)(i * 31 + i / 7);
        donor[i] = (uint8_t)(i * 17 + 101);
    }
    if ((status = cutmix_config_init(&config, sizeof config, WIDTH, HEIGHT)) != 0) return status;
#ifdef ALPHA
    config.cutmix_alpha = config.cutmix_beta = ALPHA;
#endif
    sample.struct_size = sizeof sample;
#ifdef ALPHA
    status = cutmix_plan_sample(7, 0, index, &config, &sample);
#else
    /* Alpha is 1: the other Beta samplers stay out of the image. */
    status = cutmix_plan_sample_uniform(7, 0, index, &config, &sample);
#endif
    if (status) return status;
    status = cutmix_image_nhwc(&base, sizeof base, frame, sizeof frame, WIDTH, HEIGHT, CHANNELS, CUTMIX_ELEMENT_U8);
    if (status) return status;
    status = cutmix_image_nhwc(&other, sizeof other, donor, sizeof donor, WIDTH, HEIGHT, CHANNELS, CUTMIX_ELEMENT_U8);
    if (status) return status;
    status = cutmix_paste_in_place(CUTMIX_LEVEL_BEST, &base, &other, sample.patch, 0, 0);
    if (status) return status;
    if ((status = cutmix_label_ids(&sample, row, CLASSES, 1, 3, 0.0)) != 0) return status;
    digest = absorb(0xcbf29ce484222325u, frame, sizeof frame);
    hex(&line, sample.patch[0], 2);
    hex(&line, sample.patch[1], 2);
    hex(&line, sample.patch[2], 2);
    hex(&line, sample.patch[3], 2);
    for (i = 0; i < sizeof bits; ++i) ((uint8_t *)bits)[i] = ((const uint8_t *)row)[i];
    for (i = 0; i < CLASSES; ++i) hex(&line, bits[i], 8);
    hex(&line, digest, 16);
    *line = 0;
    return 0;
}

#ifdef HOST
#include <stdio.h>

int main(void) {
    char line[120];
    uint64_t index;
    for (index = 0; index < 8; ++index) {
        int32_t status = mix_frame(index, line);
        if (status) {
            fprintf(stderr, "%s\n", cutmix_status_message(status));
            return 1;
        }
        puts(line);
    }
    return 0;
}
#endif
