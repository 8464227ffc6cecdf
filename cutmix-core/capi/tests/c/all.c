/* Calls every function of the ABI, rightly and wrongly, and checks what comes back. For the sanitizers and valgrind; it
 * is C99 and C++17. Prints one line and exits with 0, or names what failed and exits with 1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cutmix.h"

static int failures = 0, checks = 0;

static void expect(int line, cutmix_status got, cutmix_status want) {
    ++checks;
    if (got != want) {
        fprintf(stderr, "line %d: %d (%s), but %d (%s) is expected\n", line, (int)got, cutmix_status_message(got),
                (int)want, cutmix_status_message(want));
        ++failures;
    }
}

static void hold(int line, int truth, const char *what) {
    ++checks;
    if (!truth) {
        fprintf(stderr, "line %d: %s\n", line, what);
        ++failures;
    }
}

#define EXPECT(call, want) expect(__LINE__, (call), (want))
#define HOLD(truth) hold(__LINE__, (truth), #truth)

enum { W = 13, H = 7, C = 3, N = 5, BYTES = W * H * C };

/* Heap memory of exactly the length, so that a byte beyond it is seen. */
static uint8_t *painted(size_t bytes, unsigned seed) {
    uint8_t *memory = (uint8_t *)malloc(bytes ? bytes : 1);
    size_t i;
    if (!memory) exit(2);
    for (i = 0; i < bytes; ++i) memory[i] = (uint8_t)(seed + i * 7 + i / 251);
    return memory;
}

static cutmix_image image_of(uint8_t *data, size_t bytes) {
    cutmix_image image;
    EXPECT(cutmix_image_nhwc(&image, sizeof image, data, bytes, W, H, C, CUTMIX_ELEMENT_U8), CUTMIX_OK);
    return image;
}

static void versions(void) {
    uint32_t level = 99;
    int32_t status;
    HOLD(cutmix_abi_version() == CUTMIX_ABI_VERSION && cutmix_stream_version() == CUTMIX_STREAM_VERSION);
    HOLD(strchr(cutmix_version(), '.') != NULL);
    HOLD(strcmp(cutmix_level_name(CUTMIX_LEVEL_AVX2), "avx2") == 0);
    HOLD(!cutmix_level_name(CUTMIX_LEVEL_BEST) && !cutmix_level_name(7));
    EXPECT(cutmix_level_from_name("portable", &level), CUTMIX_OK);
    HOLD(level == CUTMIX_LEVEL_PORTABLE);
    EXPECT(cutmix_level_from_name(cutmix_level_name(cutmix_level_detect()), &level), CUTMIX_OK);
    HOLD(level == cutmix_level_detect());
    EXPECT(cutmix_level_from_name("avx", &level), CUTMIX_LEVEL_MISSING);
    EXPECT(cutmix_level_from_name("a name that is longer than any level's", &level), CUTMIX_LEVEL_MISSING);
    EXPECT(cutmix_level_from_name(NULL, &level), CUTMIX_NULL);
    EXPECT(cutmix_level_from_name("sse2", NULL), CUTMIX_NULL);
    for (status = -2; status <= CUTMIX_OTHER + 2; ++status) HOLD(cutmix_status_message(status)[0] != 0);
}

static void sizes(void) {
    struct { cutmix_config known; uint32_t more[4]; } newer;
    cutmix_sample sample;
    cutmix_config *config = &newer.known;
    memset(&newer, 255, sizeof newer);
    EXPECT(cutmix_config_init(config, sizeof newer, W, H), CUTMIX_OK);
    HOLD(config->struct_size == sizeof newer && newer.more[0] == 0 && newer.more[3] == 0);
    EXPECT(cutmix_sample_init(&sample, sizeof sample), CUTMIX_OK);
    EXPECT(cutmix_plan_sample(1, 2, 3, config, &sample), CUTMIX_OK);
    newer.more[3] = 1;
    EXPECT(cutmix_plan_sample(1, 2, 3, config, &sample), CUTMIX_STRUCT_NEWER);
    config->struct_size = sizeof *config - 1;
    EXPECT(cutmix_plan_sample(1, 2, 3, config, &sample), CUTMIX_STRUCT_SIZE);
    config->struct_size = 4097;
    EXPECT(cutmix_plan_sample(1, 2, 3, config, &sample), CUTMIX_STRUCT_SIZE);
    config->struct_size = sizeof *config;
    sample.struct_size = 4;
    EXPECT(cutmix_plan_sample(1, 2, 3, config, &sample), CUTMIX_STRUCT_SIZE);
    EXPECT(cutmix_config_init(config, 8, W, H), CUTMIX_STRUCT_SIZE);
    EXPECT(cutmix_config_init(NULL, sizeof *config, W, H), CUTMIX_NULL);
    EXPECT(cutmix_config_init((cutmix_config *)(void *)((char *)config + 4), sizeof *config, W, H),
           CUTMIX_POINTER_ALIGNMENT);
    EXPECT(cutmix_config_init(config, sizeof *config, 0, H), CUTMIX_ZERO_SIDE);
}

static void configurations(void) {
    cutmix_config good, bad;
    cutmix_sample sample;
    EXPECT(cutmix_config_init(&good, sizeof good, W, H), CUTMIX_OK);
    EXPECT(cutmix_sample_init(&sample, sizeof sample), CUTMIX_OK);
    EXPECT(cutmix_sample_check(&sample, W, H), CUTMIX_OK);
#define BAD(field, value, want) \
    bad = good; bad.field = value; EXPECT(cutmix_plan_sample(1, 2, 3, &bad, &sample), want)
    BAD(width, 0, CUTMIX_ZERO_SIDE);
    BAD(method, 4, CUTMIX_ENUM);
    BAD(rule, 3, CUTMIX_ENUM);
    BAD(extent, 3, CUTMIX_ENUM);
    BAD(grid, 2, CUTMIX_ENUM);
    BAD(reserved, 1, CUTMIX_RESERVED);
    BAD(probability, 1.5, CUTMIX_FRACTION);
    BAD(cutmix_alpha, 0.0, CUTMIX_BETA_SHAPE);
    BAD(mixup_beta, -1.0, CUTMIX_BETA_SHAPE);
    good.method = CUTMIX_METHOD_SWITCH;
    BAD(switch_cutmix, 2.0, CUTMIX_FRACTION);
    good.extent = CUTMIX_EXTENT_MIN_MAX;
    BAD(extent_min, -0.5, CUTMIX_FRACTION);
    good.extent_min = 0.5;
    BAD(extent_max, 0.25, CUTMIX_EXTENTS_REVERSED);
    good.extent = CUTMIX_EXTENT_FIXED;
    EXPECT(cutmix_plan_sample(1, 2, 3, &good, &sample), CUTMIX_OK);
    good.cutmix_alpha = good.cutmix_beta = 0.2;
    EXPECT(cutmix_plan_sample_uniform(1, 2, 3, &good, &sample), CUTMIX_NOT_UNIFORM);
    good.cutmix_alpha = good.cutmix_beta = 1;
    EXPECT(cutmix_plan_sample_uniform(1, 2, 3, &good, &sample), CUTMIX_OK);
    EXPECT(cutmix_plan_sample(1, 2, 3, NULL, &sample), CUTMIX_NULL);
    EXPECT(cutmix_plan_sample(1, 2, 3, &good, NULL), CUTMIX_NULL);
}

static void boxes(void) {
    uint32_t patch[4], wrong[4] = {3, 0, 1, 2}, large[4] = {0, 0, W + 1, 1};
    uint64_t kept = 0, total = 0;
    uint8_t *mask = painted(W * H, 1), *bits = painted((size_t)cutmix_mask_bits_row_bytes(W) * H, 1);
    EXPECT(cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 0.75, 6.5, 3.5, W, H, patch), CUTMIX_OK);
    EXPECT(cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 1.5, 6.5, 3.5, W, H, patch), CUTMIX_LAMBDA);
    EXPECT(cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 0.5, W, 3.5, W, H, patch), CUTMIX_CENTRE);
    EXPECT(cutmix_box_of_lambda(3, 0.5, 1, 3.5, W, H, patch), CUTMIX_ENUM);
    EXPECT(cutmix_box_of_lambda(0, 0.5, 1, 3.5, W, H, NULL), CUTMIX_NULL);
    EXPECT(cutmix_box_fixed(CUTMIX_RULE_OFFICIAL, 4, 2, 6, 3, W, H, patch), CUTMIX_OK);
    HOLD(patch[0] == 4 && patch[1] == 2 && patch[2] == 8 && patch[3] == 4);
    EXPECT(cutmix_box_ratio(patch, W, H, &kept, &total), CUTMIX_OK);
    HOLD(kept == W * H - 8 && total == W * H);
    EXPECT(cutmix_box_ratio(patch, W, H, NULL, &total), CUTMIX_NULL);
    EXPECT(cutmix_box_ratio(wrong, W, H, &kept, &total), CUTMIX_BOX_REVERSED);
    EXPECT(cutmix_box_ratio(large, W, H, &kept, &total), CUTMIX_BOX_OUTSIDE);
    EXPECT(cutmix_box_ratio(NULL, W, H, &kept, &total), CUTMIX_NULL);
    EXPECT(cutmix_mask_bytes(patch, W, H, mask, W * H), CUTMIX_OK);
    HOLD(mask[0] == 1 && mask[2 * W + 4] == 0 && mask[2 * W + 8] == 1);
    EXPECT(cutmix_mask_bytes(patch, W, H, mask, W * H - 1), CUTMIX_COUNT_MISMATCH);
    EXPECT(cutmix_mask_bytes(patch, W, H, NULL, W * H), CUTMIX_NULL);
    EXPECT(cutmix_mask_bytes(patch, W, H, mask, SIZE_MAX), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_mask_bits(patch, W, H, bits, (size_t)cutmix_mask_bits_row_bytes(W) * H), CUTMIX_OK);
    HOLD(bits[0] == 0xff && bits[4] == 0xf0 && bits[5] == 0xf8);
    EXPECT(cutmix_box_snap(patch, 3, 1, W, H), CUTMIX_OK);
    HOLD(patch[0] == 3 && patch[2] == 9);
    EXPECT(cutmix_box_subsample(patch, 3, 1), CUTMIX_OK);
    HOLD(patch[0] == 1 && patch[2] == 3);
    EXPECT(cutmix_box_snap(patch, 0, 1, W, H), CUTMIX_ZERO_GRID);
    EXPECT(cutmix_box_subsample(patch, 1, 0), CUTMIX_ZERO_GRID);
    EXPECT(cutmix_mixup_weight(CUTMIX_GRID_Q15, 0.25, &kept, &total), CUTMIX_OK);
    HOLD(kept == 8192 && total == 32768);
    EXPECT(cutmix_mixup_weight(CUTMIX_GRID_Q15, -0.25, &kept, &total), CUTMIX_LAMBDA);
    EXPECT(cutmix_mixup_weight(2, 0.25, &kept, &total), CUTMIX_ENUM);
    free(mask);
    free(bits);
}

static void pairs(void) {
    uint8_t *a = painted(BYTES, 1), *b = painted(BYTES, 90), *out = painted(BYTES, 200), *copy = painted(BYTES, 1);
    cutmix_image base = image_of(a, BYTES), donor = image_of(b, BYTES), third = image_of(out, BYTES), bad;
    uint32_t patch[4] = {2, 1, 9, 6}, outside[4] = {0, 0, W, H + 1}, frame[4] = {W, H, 0, 0}, words[2] = {7, 8};
    uint64_t kept = 0, total = 0;
    uint8_t values[C] = {1, 2, 3};
    cutmix_fill fill;
    cutmix_sample sample, wrong;
    cutmix_config config;
    size_t i;
    EXPECT(cutmix_paste_into(0, &third, &base, &donor, patch, &kept, &total), CUTMIX_OK);
    HOLD(kept == W * H - 35 && total == W * H && out[(W + 2) * C] == b[(W + 2) * C] && memcmp(a, copy, BYTES) == 0);
    EXPECT(cutmix_paste_in_place(CUTMIX_LEVEL_PORTABLE, &base, &donor, patch, NULL, NULL), CUTMIX_OK);
    HOLD(memcmp(a, out, BYTES) == 0);
    EXPECT(cutmix_exchange(0, &third, &donor, patch, &kept, NULL), CUTMIX_OK);
    EXPECT(cutmix_exchange(0, &third, &donor, patch, &kept, NULL), CUTMIX_OK);
    HOLD(memcmp(a, out, BYTES) == 0);
    EXPECT(cutmix_exchange(0, &third, &third, patch, &kept, NULL), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_paste_in_place(99, &base, &donor, patch, NULL, NULL), CUTMIX_LEVEL_MISSING);
    EXPECT(cutmix_paste_in_place(0, NULL, &donor, patch, NULL, NULL), CUTMIX_NULL);
    EXPECT(cutmix_paste_in_place(0, &base, NULL, patch, NULL, NULL), CUTMIX_NULL);
    EXPECT(cutmix_paste_in_place(0, &base, &donor, NULL, NULL, NULL), CUTMIX_NULL);
    EXPECT(cutmix_paste_in_place(0, &base, &donor, outside, NULL, NULL), CUTMIX_BOX_OUTSIDE);
    EXPECT(cutmix_paste_in_place(0, &base, &base, patch, NULL, NULL), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_paste_in_place(0, &base, &donor, patch, (uint64_t *)(void *)((char *)&kept + 1), NULL),
           CUTMIX_POINTER_ALIGNMENT);
#define IMAGE(field, value, want) \
    bad = base; bad.field = value; EXPECT(cutmix_paste_in_place(0, &bad, &donor, patch, NULL, NULL), want)
    IMAGE(struct_size, 8, CUTMIX_STRUCT_SIZE);
    IMAGE(element, 4, CUTMIX_ENUM);
    IMAGE(element, CUTMIX_ELEMENT_BYTES, CUTMIX_ELEMENT_MISMATCH);
    IMAGE(element, CUTMIX_ELEMENT_U16, CUTMIX_MISALIGNED);
    IMAGE(width, 0, CUTMIX_ZERO_SIDE);
    IMAGE(width, W - 1, CUTMIX_SIZE_MISMATCH);
    IMAGE(planes, 0, CUTMIX_COUNT_MISMATCH);
    IMAGE(pixel_bytes, 0, CUTMIX_COUNT_MISMATCH);
    IMAGE(pixel_bytes, 2, CUTMIX_COUNT_MISMATCH);
    IMAGE(planes, 2, CUTMIX_TOO_SHORT);
    IMAGE(data, NULL, CUTMIX_NULL);
    IMAGE(data_bytes, BYTES - 1, CUTMIX_TOO_SHORT);
    IMAGE(origin, 1, CUTMIX_TOO_SHORT);
    IMAGE(origin, SIZE_MAX, CUTMIX_TOO_LARGE);
    IMAGE(row_pitch, W * C - 1, CUTMIX_SHORT_PITCH);
    IMAGE(row_pitch, -W * C, CUTMIX_TOO_LARGE);
    IMAGE(row_pitch, PTRDIFF_MIN, CUTMIX_TOO_LARGE);
    IMAGE(row_pitch, PTRDIFF_MAX, CUTMIX_TOO_LARGE);
    bad = base;
    bad.width = bad.height = bad.planes = bad.pixel_bytes = UINT32_MAX;
    EXPECT(cutmix_paste_in_place(0, &bad, &donor, patch, NULL, NULL), CUTMIX_TOO_LARGE);
    bad = base;
    bad.data_bytes = SIZE_MAX;
    bad.data = (void *)((char *)a + 3);
    EXPECT(cutmix_paste_in_place(0, &donor, &bad, patch, NULL, NULL), CUTMIX_TOO_LARGE);
    HOLD(cutmix_image_nchw(&bad, sizeof bad, a, BYTES, W, H, 0, CUTMIX_ELEMENT_U8) == CUTMIX_COUNT_MISMATCH);
    HOLD(cutmix_image_nc4hw4(&bad, sizeof bad, a, BYTES, W, H, 5, CUTMIX_ELEMENT_U8) == CUTMIX_OK && bad.planes == 2);
    EXPECT(cutmix_image_nhwc(&bad, sizeof bad, a, BYTES, W, H, UINT32_MAX, CUTMIX_ELEMENT_F32), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_image_nhwc(NULL, sizeof bad, a, BYTES, W, H, 1, CUTMIX_ELEMENT_F32), CUTMIX_NULL);
    /* Bottom up: row 0 is the last in memory. */
    bad = base;
    bad.row_pitch = -W * C;
    bad.origin = (H - 1) * W * C;
    EXPECT(cutmix_paste_in_place(0, &bad, &donor, patch, NULL, NULL), CUTMIX_OK);
    HOLD(a[((H - 1 - 1) * W + 2) * C] == b[(W + 2) * C]);

    EXPECT(cutmix_mixup_in_place(0, &base, &donor, 16384, 32768), CUTMIX_OK);
    EXPECT(cutmix_mixup_in_place(0, &base, &donor, 1, 2), CUTMIX_WEIGHT_GRID);
    EXPECT(cutmix_mixup_in_place(0, &base, &donor, 3, 2), CUTMIX_RATIO);
    EXPECT(cutmix_mixup_into(0, &third, &base, &base, 32768, 32768), CUTMIX_OK);
    HOLD(memcmp(a, out, BYTES) == 0);
    EXPECT(cutmix_mixup_into(0, &base, &base, &donor, 32768, 32768), CUTMIX_BUFFERS_OVERLAP);
    base.element = donor.element = CUTMIX_ELEMENT_BYTES;
    EXPECT(cutmix_mixup_in_place(0, &base, &donor, 16384, 32768), CUTMIX_COPY_ONLY);

    EXPECT(cutmix_fill_init(&fill, sizeof fill), CUTMIX_OK);
    EXPECT(cutmix_fill_init(NULL, sizeof fill), CUTMIX_NULL);
    fill.kind = CUTMIX_FILL_NOISE;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, words, NULL), CUTMIX_COPY_ONLY);
    base.element = donor.element = CUTMIX_ELEMENT_U8;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, words, NULL), CUTMIX_OK);
    EXPECT(cutmix_cutout(0, &third, patch, &fill, words, frame), CUTMIX_OK);
    for (i = 2; i < 9; ++i) HOLD(memcmp(a + (2 * W + i) * C, out + (2 * W + i) * C, C) == 0);
    frame[0] = 0;
    EXPECT(cutmix_cutout(0, &third, patch, &fill, words, frame), CUTMIX_ZERO_SIDE);
    fill.kind = CUTMIX_FILL_CONSTANT;
    fill.values = values;
    fill.values_len = C;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, NULL, NULL), CUTMIX_OK);
    HOLD(a[(W + 2) * C] == 1 && a[(W + 2) * C + 2] == 3);
    fill.values_len = C - 1;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, NULL, NULL), CUTMIX_COUNT_MISMATCH);
    fill.values_len = C;
    fill.values = a;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, NULL, NULL), CUTMIX_BUFFERS_OVERLAP);
    fill.values = NULL;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, NULL, NULL), CUTMIX_NULL);
    fill.kind = 3;
    EXPECT(cutmix_cutout(0, &base, patch, &fill, NULL, NULL), CUTMIX_ENUM);
    EXPECT(cutmix_cutout(0, &base, patch, NULL, NULL, NULL), CUTMIX_OK);
    HOLD(a[(W + 2) * C] == 0);

    EXPECT(cutmix_config_init(&config, sizeof config, W, H), CUTMIX_OK);
    EXPECT(cutmix_sample_init(&sample, sizeof sample), CUTMIX_OK);
    EXPECT(cutmix_plan_sample(5, 0, 3, &config, &sample), CUTMIX_OK);
    EXPECT(cutmix_mix_into(0, &third, &base, &donor, &sample, NULL), CUTMIX_OK);
    for (i = 0; i < H; ++i) {
        cutmix_image row, other;
        EXPECT(cutmix_image_nhwc(&row, sizeof row, a + i * W * C, W * C, W, 1, C, CUTMIX_ELEMENT_U8), CUTMIX_OK);
        EXPECT(cutmix_image_nhwc(&other, sizeof row, b + i * W * C, W * C, W, 1, C, CUTMIX_ELEMENT_U8), CUTMIX_OK);
        EXPECT(cutmix_mix_row(0, &row, &other, &sample, NULL, 0, (uint32_t)i, H), CUTMIX_OK);
        EXPECT(cutmix_mix_row(0, &row, &other, &sample, NULL, 0, H, H), CUTMIX_ROW_OUTSIDE);
    }
    HOLD(memcmp(a, out, BYTES) == 0);
    EXPECT(cutmix_mix_row(0, &base, &donor, &sample, NULL, 0, 0, H), CUTMIX_SIZE_MISMATCH);
    EXPECT(cutmix_mix_in_place(0, &base, &donor, &sample, NULL), CUTMIX_OK);
    HOLD(memcmp(a, out, BYTES) == 0);
#define SAMPLE(field, value, want) \
    wrong = sample; wrong.field = value; EXPECT(cutmix_mix_in_place(0, &base, &donor, &wrong, NULL), want)
    SAMPLE(struct_size, 8, CUTMIX_STRUCT_SIZE);
    SAMPLE(method, CUTMIX_METHOD_SWITCH, CUTMIX_ENUM);
    SAMPLE(applied, 2, CUTMIX_ENUM);
    SAMPLE(reserved, 1, CUTMIX_RESERVED);
    SAMPLE(lambda, 2, CUTMIX_LAMBDA);
    SAMPLE(total, 0, CUTMIX_RATIO);
    SAMPLE(kept, sample.kept - 1, CUTMIX_RATIO_NOT_OF_BOX);
    SAMPLE(patch[0], sample.patch[2] + 1, CUTMIX_BOX_REVERSED);
    SAMPLE(patch[2], W + 1, CUTMIX_BOX_OUTSIDE);
    EXPECT(cutmix_sample_check(&sample, W, H), CUTMIX_OK);
    EXPECT(cutmix_sample_check(&sample, 2, 2), CUTMIX_BOX_OUTSIDE);
    EXPECT(cutmix_sample_window(&sample, W, H, outside), CUTMIX_BOX_OUTSIDE);
    patch[0] = patch[1] = 0;
    EXPECT(cutmix_sample_window(&sample, W, H, patch), CUTMIX_OK);
    EXPECT(cutmix_sample_window(&sample, W, H, NULL), CUTMIX_NULL);
    free(a);
    free(b);
    free(out);
    free(copy);
}

static void batches(void) {
    uint8_t *pixels = painted(BYTES * N, 3), *out = painted(BYTES * N, 4), *work;
    cutmix_image first = image_of(pixels, BYTES * N), other = image_of(out, BYTES * N);
    cutmix_sample samples[N];
    cutmix_config config;
    cutmix_batch_config batch;
    uint32_t partners[N] = {1, 2, 3, 4, 0}, ids[N] = {0, 1, 2, 3, 0};
    uint64_t indices[N] = {9, 8, 7, 6, 5};
    float rows[N * 4], mixed[N * 4], sum, w_a = 0, w_b = 0;
    size_t bytes = 0, i;
    EXPECT(cutmix_config_init(&config, sizeof config, W, H), CUTMIX_OK);
    EXPECT(cutmix_batch_config_init(&batch, sizeof batch, 40), CUTMIX_OK);
    EXPECT(cutmix_batch_config_init(NULL, sizeof batch, 40), CUTMIX_NULL);
    EXPECT(cutmix_batch_work_bytes(N, C, &bytes), CUTMIX_OK);
    EXPECT(cutmix_batch_work_bytes(SIZE_MAX, C, &bytes), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_batch_work_bytes(1, SIZE_MAX, &bytes), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_batch_work_bytes(1, 1, NULL), CUTMIX_NULL);
    work = painted(bytes, 0);
    memset(samples, 255, sizeof samples);
    samples[0].struct_size = sizeof samples[0];
#define PLAN() cutmix_plan_batch(1, 2, 3, &config, &batch, samples, N, work, bytes)
    EXPECT(PLAN(), CUTMIX_OK);
    HOLD(samples[4].partner == 3 && samples[4].struct_size == sizeof samples[0]);
    batch.indices = indices;
    EXPECT(PLAN(), CUTMIX_OK);
    batch.pairing = CUTMIX_PAIRING_GIVEN;
    EXPECT(PLAN(), CUTMIX_NULL);
    batch.partners = partners;
    EXPECT(PLAN(), CUTMIX_OK);
    HOLD(samples[4].partner == 0);
    batch.scope = CUTMIX_SCOPE_PAIR;
    EXPECT(PLAN(), CUTMIX_PAIR_NOT_MUTUAL);
    batch.scope = 3;
    EXPECT(PLAN(), CUTMIX_ENUM);
    batch.scope = CUTMIX_SCOPE_SAMPLE;
    partners[0] = N;
    EXPECT(PLAN(), CUTMIX_PARTNER);
    partners[0] = 1;
    batch.pairing = 6;
    EXPECT(PLAN(), CUTMIX_ENUM);
    batch.pairing = CUTMIX_PAIRING_DERANGEMENT;
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, 1, work, bytes), CUTMIX_NO_DERANGEMENT);
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, 0, NULL, 0), CUTMIX_OK);
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, SIZE_MAX, work, bytes), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, N, work, 99), CUTMIX_TOO_SHORT);
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, N, NULL, bytes), CUTMIX_NULL);
    EXPECT(cutmix_plan_batch(1, 2, 3, &config, &batch, samples, N, (uint8_t *)samples, sizeof samples),
           CUTMIX_BUFFERS_OVERLAP);
    batch.reserved = 1;
    EXPECT(PLAN(), CUTMIX_RESERVED);
    batch.reserved = 0;
    EXPECT(PLAN(), CUTMIX_OK);

    EXPECT(cutmix_batch_into(0, &other, 0, &first, 0, samples, N, NULL, work, bytes), CUTMIX_OK);
    EXPECT(cutmix_batch_into(0, &first, 0, &first, 0, samples, N, NULL, work, bytes), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_batch_in_place(0, &first, BYTES, samples, N, NULL, work, bytes), CUTMIX_OK);
    HOLD(memcmp(pixels, out, BYTES * N) == 0);
    EXPECT(cutmix_batch_in_place(0, &first, BYTES - 1, samples, N, NULL, work, bytes), CUTMIX_SHORT_PITCH);
    EXPECT(cutmix_batch_in_place(0, &first, BYTES + 1, samples, N, NULL, work, bytes), CUTMIX_TOO_SHORT);
    EXPECT(cutmix_batch_in_place(0, &first, SIZE_MAX, samples, N, NULL, work, bytes), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_batch_in_place(0, &first, 0, samples, N, NULL, work, bytes - 15), CUTMIX_TOO_SHORT);
    EXPECT(cutmix_batch_in_place(0, &first, 0, samples, N, NULL, pixels, bytes), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_batch_in_place(0, &first, 0, NULL, N, NULL, work, bytes), CUTMIX_NULL);
    samples[2].partner = N;
    EXPECT(cutmix_batch_in_place(0, &first, 0, samples, N, NULL, work, bytes), CUTMIX_PARTNER);
    EXPECT(cutmix_batch_label_ids(samples, N, rows, 4, ids, 0), CUTMIX_PARTNER);
    samples[2].partner = 0;
    samples[2].struct_size = sizeof samples[0] + 8;
    samples[3].struct_size = 0; /* Zeros would follow, were the distance another one. */
    EXPECT(cutmix_batch_in_place(0, &first, 0, samples, 3, NULL, work, bytes), CUTMIX_STRUCT_SIZE);
    EXPECT(PLAN(), CUTMIX_OK);

    EXPECT(cutmix_batch_label_ids(samples, N, rows, 4, ids, 0.1), CUTMIX_OK);
    for (i = 0; i < N; ++i) {
        sum = rows[4 * i] + rows[4 * i + 1] + rows[4 * i + 2] + rows[4 * i + 3];
        HOLD(sum > 0.99999f && sum < 1.00001f);
        EXPECT(cutmix_label_ids(&samples[i], mixed, 4, ids[i], ids[samples[i].partner], 0.1), CUTMIX_OK);
        HOLD(memcmp(mixed, rows + 4 * i, 4 * sizeof(float)) == 0);
        EXPECT(cutmix_label_weights(&samples[i], &w_a, &w_b), CUTMIX_OK);
        HOLD(w_a + w_b == 1.0f);
    }
    EXPECT(cutmix_batch_label_rows(0, samples, N, mixed, rows, 4), CUTMIX_OK);
    EXPECT(cutmix_batch_label_rows(0, samples, N, rows, rows, 4), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_batch_label_rows(0, samples, N, mixed, rows, SIZE_MAX / 2), CUTMIX_TOO_LARGE);
    EXPECT(cutmix_batch_label_ids(samples, N, rows, 3, ids, 0.1), CUTMIX_CLASS);
    EXPECT(cutmix_batch_label_ids(samples, N, rows, 4, ids, 1.1), CUTMIX_FRACTION);
    EXPECT(cutmix_batch_label_ids(samples, N, rows, 4, NULL, 0.1), CUTMIX_NULL);
    EXPECT(cutmix_label_rows(0, &samples[0], mixed, rows, rows + 4, 4), CUTMIX_OK);
    EXPECT(cutmix_label_rows(0, &samples[0], rows, rows, rows + 4, 4), CUTMIX_BUFFERS_OVERLAP);
    EXPECT(cutmix_label_ids(&samples[0], NULL, 4, 0, 0, 0), CUTMIX_NULL);
    EXPECT(cutmix_label_ids(&samples[0], rows, 4, 0, 4, 0), CUTMIX_CLASS);
    EXPECT(cutmix_label_weights(&samples[0], NULL, &w_b), CUTMIX_NULL);
    free(pixels);
    free(out);
    free(work);
}

int main(void) {
    versions();
    sizes();
    configurations();
    boxes();
    pairs();
    batches();
    printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}
