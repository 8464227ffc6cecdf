/* CutMix, Mixup and Cutout without heap: the C ABI of cutmix-core. SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Made by `CUTMIX_BLESS=1 cargo test -p cutmix-capi --test header`; do not edit.
 *
 * What every function asks of its caller: a pointer that is not null is valid for as many bytes as the length, the layout
 * or the struct_size given with it says, for reading, and for writing where it is not const; during the call no other
 * thread writes what is read, or touches what is written. Everything else is checked and answered with a status: null,
 * alignment, overlap, short buffers and pitches, overflow, unknown numbers. Nothing is kept after a call, nothing is
 * allocated, and functions may run in several threads at a time.
 *
 * "Those of images, samples, boxes" in a list of errors are the statuses that say that the struct given is none:
 * CUTMIX_NULL, CUTMIX_POINTER_ALIGNMENT, CUTMIX_STRUCT_SIZE, CUTMIX_STRUCT_NEWER, CUTMIX_RESERVED, CUTMIX_ENUM;
 * of images also CUTMIX_ZERO_SIDE, CUTMIX_COUNT_MISMATCH, CUTMIX_MISALIGNED, CUTMIX_TOO_SHORT, CUTMIX_TOO_LARGE,
 * CUTMIX_SHORT_PITCH; of samples also CUTMIX_LAMBDA, CUTMIX_RATIO, CUTMIX_BOX_REVERSED; of boxes CUTMIX_BOX_REVERSED,
 * CUTMIX_BOX_OUTSIDE.
 *
 * Sizes and boxes are in pixels, lengths, pitches and struct_size in bytes. "Constant cost" is some nanoseconds on a
 * desktop, whatever the images; where a cost names reads and writes, they are of the bytes named, and the rest is small.
 *
 * Every example is the body of a function, after <assert.h>, <stdio.h>, <string.h> and this header. `bash .ci/capi`
 * compiles them all as C99 and as C++17, and runs them.
 */

#ifndef CUTMIX_H
#define CUTMIX_H

#include <stddef.h>
#include <stdint.h>

/**
 * `CutMix`: a box of the donor replaces that of the base.
 */
#define CUTMIX_METHOD_CUTMIX 0

/**
 * Mixup: base and donor are blended.
 */
#define CUTMIX_METHOD_MIXUP 1

/**
 * Cutout: a box of the base is filled; its label stays.
 */
#define CUTMIX_METHOD_CUTOUT 2

/**
 * In a configuration only: `CutMix` with probability `switch_cutmix`, else Mixup.
 */
#define CUTMIX_METHOD_SWITCH 3

/**
 * The paper's formula on a pixel grid: pixels whose centre lies in the real box.
 */
#define CUTMIX_RULE_PAPER 0

/**
 * The paper authors' code; also torchvision, timm up to 1.0.28, mmpretrain and composer.
 */
#define CUTMIX_RULE_OFFICIAL 1

/**
 * timm from 1.0.29 on, keras-cv: odd sides keep their pixel.
 */
#define CUTMIX_RULE_FULL_EXTENT 2

/**
 * Sides of the box by the `CutMix` law: `sqrt(1 - lambda)` of those of the image, clipped.
 */
#define CUTMIX_EXTENT_LAW 0

/**
 * Sides of `fixed_width` x `fixed_height` pixels, clipped.
 */
#define CUTMIX_EXTENT_FIXED 1

/**
 * Each side uniform between the fractions `extent_min` and `extent_max` of the image's, the box wholly inside.
 */
#define CUTMIX_EXTENT_MIN_MAX 2

/**
 * Mixup weights in multiples of 2^-15, for U8 and U16 images.
 */
#define CUTMIX_GRID_Q15 0

/**
 * Mixup weights in multiples of 2^-24, for F32 images.
 */
#define CUTMIX_GRID_Q24 1

/**
 * Every sample has a box of its own.
 */
#define CUTMIX_SCOPE_SAMPLE 0

/**
 * The two samples of a pair share one; partners must be mutual.
 */
#define CUTMIX_SCOPE_PAIR 1

/**
 * The whole batch shares one.
 */
#define CUTMIX_SCOPE_BATCH 2

/**
 * Sample i takes from i - 1, the first from the last.
 */
#define CUTMIX_PAIRING_ROLL 0

/**
 * Sample i takes from n - 1 - i.
 */
#define CUTMIX_PAIRING_FLIP 1

/**
 * A uniform permutation, fixed points allowed.
 */
#define CUTMIX_PAIRING_PERMUTATION 2

/**
 * A uniform permutation without fixed points.
 */
#define CUTMIX_PAIRING_DERANGEMENT 3

/**
 * Each partner uniform over the batch, itself allowed.
 */
#define CUTMIX_PAIRING_REPLACEMENT 4

/**
 * The partners that the caller gives in `partners`.
 */
#define CUTMIX_PAIRING_GIVEN 5

/**
 * Elements of any kind and size, to be copied only (half floats, packed pixels, class-index masks): the image counts
 * in bytes, at any alignment.
 */
#define CUTMIX_ELEMENT_BYTES 0

/**
 * `uint8_t`.
 */
#define CUTMIX_ELEMENT_U8 1

/**
 * `uint16_t` in native byte order.
 */
#define CUTMIX_ELEMENT_U16 2

/**
 * float (binary32).
 */
#define CUTMIX_ELEMENT_F32 3

/**
 * All bytes zero: black.
 */
#define CUTMIX_FILL_ZERO 0

/**
 * One value for every element of a pixel over all planes: `values`.
 */
#define CUTMIX_FILL_CONSTANT 1

/**
 * Noise selected by the sample's `noise` words: U8 and U16 uniform over the type, F32 uniform in [`lo`, `hi`).
 */
#define CUTMIX_FILL_NOISE 2

/**
 * The version of this ABI, as the header has it. Compare it with `cutmix_abi_version()` where the library is linked
 * dynamically. A larger one still has every function, struct and meaning of a smaller one; what breaks a promise gets
 * another library name.
 */
#define CUTMIX_ABI_VERSION 1

/**
 * The version of the stream contract: the same version draws the same plans from the same keys, for ever.
 */
#define CUTMIX_STREAM_VERSION 1

/**
 * The best level that this machine has.
 */
#define CUTMIX_LEVEL_BEST 0

/**
 * Code without special instructions, on every machine.
 */
#define CUTMIX_LEVEL_PORTABLE 1

/**
 * x86 with SSE2.
 */
#define CUTMIX_LEVEL_SSE2 2

/**
 * x86 with AVX2.
 */
#define CUTMIX_LEVEL_AVX2 3

/**
 * x86 with AVX-512 BW and VL.
 */
#define CUTMIX_LEVEL_AVX512 4

/**
 * 64-bit Arm with NEON.
 */
#define CUTMIX_LEVEL_NEON 5

/**
 * WebAssembly with simd128.
 */
#define CUTMIX_LEVEL_SIMD128 6

/**
 * What a function answers: `CUTMIX_OK`, or which mistake was found. Unless a function says otherwise, nothing was
 * written then.
 *
 * ```c
 * cutmix_config config;
 * cutmix_sample plan;
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * if (!s) s = cutmix_config_init(&config, sizeof config, 0, 24); // refused: no columns
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);      // and so not called
 * assert(s == CUTMIX_ZERO_SIDE && plan.applied == 0);
 * ```
 */
typedef int32_t cutmix_status;

/**
 * An image in the caller's memory: `planes` x `height` rows of `width` pixels. Set it with `cutmix_image_nhwc`,
 * `cutmix_image_nchw` or `cutmix_image_nc4hw4`, then change pitches and origin where rows are padded.
 *
 * Pixel x of row y of plane p begins at byte `origin + p * plane_pitch + y * row_pitch + x * pixel_bytes` of `data`.
 * Bytes between rows are never written. For a crop of a larger frame, `data` is where the crop begins and `row_pitch`
 * is the frame's. For a bottom-up image, `row_pitch` is negative and `origin` is where the last row in memory begins.
 *
 * The bytes from `data` to the end of the last row in memory count as the image's: two images of one call must not
 * share any of them if one is written. A function that takes a `const cutmix_image *` as its donor, base or input does
 * not write through `data`, so a cast from `const` memory is fine there.
 *
 * ```c
 * uint8_t frame[8 * 4];
 * uint32_t all[4] = {0, 0, 3, 2};
 * cutmix_image crop; // 3 x 2 pixels of a grey frame of 8 x 4, from column 2 of row 1 on
 * memset(frame, 7, sizeof frame);
 * cutmix_status s = cutmix_image_nhwc(&crop, sizeof crop, &frame[10], sizeof frame - 10, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * crop.row_pitch = 8;
 * if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &crop, all, NULL, NULL, NULL);
 * assert(s == CUTMIX_OK && frame[9] == 7 && frame[10] == 0 && frame[12] == 0 && frame[13] == 7 && frame[20] == 0);
 * ```
 */
typedef struct cutmix_image {
  /**
   * Size of this struct in bytes.
   */
  uint32_t struct_size;
  /**
   * One of `CUTMIX_ELEMENT_*`.
   */
  uint32_t element;
  /**
   * Columns, at least 1.
   */
  uint32_t width;
  /**
   * Rows, at least 1.
   */
  uint32_t height;
  /**
   * Planes, at least 1: 1 for interleaved images, the channels for planar ones.
   */
  uint32_t planes;
  /**
   * Bytes of one pixel in one plane, at least 1: channels times element size for interleaved images.
   */
  uint32_t pixel_bytes;
  /**
   * The buffer, aligned to an element.
   */
  void *data;
  /**
   * Length of the buffer in bytes; it may be longer than the image.
   */
  size_t data_bytes;
  /**
   * Byte in the buffer of the first pixel of row 0 of plane 0.
   */
  size_t origin;
  /**
   * Bytes from one row to the next, possibly negative; 0 for rows without padding.
   */
  ptrdiff_t row_pitch;
  /**
   * Bytes from one plane to the next, possibly negative; 0 for `height` times the length of `row_pitch`.
   */
  ptrdiff_t plane_pitch;
} cutmix_image;

/**
 * What to do to one sample. Plain data: log it, compare it, send it, replay it. Functions check it again each time.
 *
 * In an array, the `struct_size` of the first one is the distance to the next in bytes, and all have the same.
 *
 * ```c
 * cutmix_config config;
 * cutmix_sample plan, again;
 * plan.struct_size = again.struct_size = sizeof plan;
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &again);
 * uint32_t box = (plan.patch[2] - plan.patch[0]) * (plan.patch[3] - plan.patch[1]);
 * assert(s == CUTMIX_OK && memcmp(&plan, &again, sizeof plan) == 0 && plan.kept == plan.total - box);
 * ```
 */
typedef struct cutmix_sample {
  /**
   * Size of this struct in bytes.
   */
  uint32_t struct_size;
  /**
   * `CUTMIX_METHOD_CUTMIX`, `CUTMIX_METHOD_MIXUP` or `CUTMIX_METHOD_CUTOUT`.
   */
  uint32_t method;
  /**
   * 1 if it is applied; 0 if the sample stays as it is (and the box is empty, the ratio 1).
   */
  uint32_t applied;
  /**
   * The box: first column, first row, column after the last, row after the last. All are 0 for the empty box, and for
   * Mixup. Functions that take a box take this.
   */
  uint32_t patch[4];
  /**
   * Selects the noise of a Cutout that fills with noise.
   */
  uint32_t noise[2];
  /**
   * Zero.
   */
  uint32_t reserved;
  /**
   * The donor: its position in the batch, or for a plan of its own its index in the data set.
   */
  uint64_t partner;
  /**
   * Numerator of lambda', the exact weight of the base: pixels outside the box, or the Mixup weight on its grid.
   */
  uint64_t kept;
  /**
   * Denominator of lambda', at least 1: pixels of the image, or 2^15 or 2^24 for Mixup.
   */
  uint64_t total;
  /**
   * The drawn lambda, in [0, 1]. It decided the box, but is not the label's weight.
   */
  double lambda;
} cutmix_sample;

/**
 * What a Cutout fills its box with. A null pointer to it means zeros.
 *
 * ```c
 * uint8_t pixels[4 * 3] = {0}, red[3] = {255, 0, 0}; // 4 x 1, RGB
 * uint32_t middle[4] = {1, 0, 3, 1};
 * cutmix_image image;
 * cutmix_fill fill;
 * cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 4, 1, 3, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_fill_init(&fill, sizeof fill);
 * fill.kind = CUTMIX_FILL_CONSTANT, fill.values = red, fill.values_len = 3;
 * if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, middle, &fill, NULL, NULL);
 * assert(s == CUTMIX_OK && pixels[0] == 0 && pixels[3] == 255 && pixels[4] == 0 && pixels[6] == 255 && pixels[9] == 0);
 * ```
 */
typedef struct cutmix_fill {
  /**
   * Size of this struct in bytes.
   */
  uint32_t struct_size;
  /**
   * One of `CUTMIX_FILL_*`.
   */
  uint32_t kind;
  /**
   * With `CUTMIX_FILL_CONSTANT`: the values, plane by plane, of the image's element type (of `CUTMIX_ELEMENT_BYTES`
   * images, their bytes). Neither looked at nor kept otherwise.
   */
  const void *values;
  /**
   * Their number: `planes * pixel_bytes` divided by the size of an element.
   */
  size_t values_len;
  /**
   * With `CUTMIX_FILL_NOISE` in F32 images: the least value.
   */
  float lo;
  /**
   * With `CUTMIX_FILL_NOISE` in F32 images: the upper end.
   */
  float hi;
} cutmix_fill;

/**
 * The configuration of a plan: with a key, it determines every drawn value. Set it with `cutmix_config_init`, then
 * change what should differ.
 *
 * ```c
 * cutmix_config config;
 * cutmix_sample plan;
 * plan.struct_size = sizeof plan;
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 224, 224);
 * config.method = CUTMIX_METHOD_MIXUP, config.mixup_alpha = config.mixup_beta = 0.2;
 * config.grid = CUTMIX_GRID_Q24; // the images are F32
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
 * assert(s == CUTMIX_OK && plan.method == CUTMIX_METHOD_MIXUP && plan.patch[2] == 0 && plan.total == 1 << 24);
 * ```
 */
typedef struct cutmix_config {
  /**
   * Size of this struct in bytes.
   */
  uint32_t struct_size;
  /**
   * Columns of the images, at least 1.
   */
  uint32_t width;
  /**
   * Rows of the images, at least 1.
   */
  uint32_t height;
  /**
   * One of `CUTMIX_METHOD_*`.
   */
  uint32_t method;
  /**
   * One of `CUTMIX_RULE_*`.
   */
  uint32_t rule;
  /**
   * One of `CUTMIX_EXTENT_*`.
   */
  uint32_t extent;
  /**
   * With `CUTMIX_EXTENT_FIXED`: columns of the box.
   */
  uint32_t fixed_width;
  /**
   * With `CUTMIX_EXTENT_FIXED`: rows of the box.
   */
  uint32_t fixed_height;
  /**
   * One of `CUTMIX_GRID_*`.
   */
  uint32_t grid;
  /**
   * Zero.
   */
  uint32_t reserved;
  /**
   * With `CUTMIX_METHOD_SWITCH`: the probability of `CutMix`, in [0, 1].
   */
  double switch_cutmix;
  /**
   * With `CUTMIX_EXTENT_MIN_MAX`: the least fraction, in [0, 1].
   */
  double extent_min;
  /**
   * With `CUTMIX_EXTENT_MIN_MAX`: the greatest fraction, in [`extent_min`, 1].
   */
  double extent_max;
  /**
   * The probability that a sample is mixed at all, in [0, 1].
   */
  double probability;
  /**
   * Lambda of `CutMix` and Cutout is drawn from Beta(`cutmix_alpha`, `cutmix_beta`); 1 and 1 in the paper. Equal ones
   * lie in [0.001, 1e6], unequal ones in [0.05, 50].
   */
  double cutmix_alpha;
  /**
   * See `cutmix_alpha`.
   */
  double cutmix_beta;
  /**
   * Lambda of Mixup is drawn from Beta(`mixup_alpha`, `mixup_beta`), as above.
   */
  double mixup_alpha;
  /**
   * See `mixup_alpha`.
   */
  double mixup_beta;
  /**
   * The partner of a single sample is drawn from this many, itself allowed; 0 counts as 1. Batches have a pairing
   * instead.
   */
  uint64_t partners;
} cutmix_config;

/**
 * What the plan of a batch needs beside the configuration. Set it with `cutmix_batch_config_init`.
 *
 * ```c
 * uint32_t partners[3] = {2, 0, 1};
 * uint8_t work[1024];
 * cutmix_config config;
 * cutmix_batch_config batch;
 * cutmix_sample plans[3];
 * plans[0].struct_size = sizeof plans[0];
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * if (!s) s = cutmix_batch_config_init(&batch, sizeof batch, 0);
 * batch.pairing = CUTMIX_PAIRING_GIVEN, batch.partners = partners;
 * if (!s) s = cutmix_plan_batch(7, 0, 0, &config, &batch, plans, 3, work, sizeof work);
 * assert(s == CUTMIX_OK && plans[0].partner == 2 && plans[1].partner == 0 && plans[2].partner == 1);
 * ```
 */
typedef struct cutmix_batch_config {
  /**
   * Size of this struct in bytes.
   */
  uint32_t struct_size;
  /**
   * One of `CUTMIX_SCOPE_*`.
   */
  uint32_t scope;
  /**
   * One of `CUTMIX_PAIRING_*`.
   */
  uint32_t pairing;
  /**
   * Zero.
   */
  uint32_t reserved;
  /**
   * Index in the data set of the first sample; the others follow it. Not looked at where `indices` is given.
   */
  uint64_t first_index;
  /**
   * Null, or the index in the data set of every sample.
   */
  const uint64_t *indices;
  /**
   * With `CUTMIX_PAIRING_GIVEN`: the partner of every sample, as its position in the batch.
   */
  const uint32_t *partners;
} cutmix_batch_config;

/**
 * Done.
 */
#define CUTMIX_OK 0

/**
 * A pointer is null that must not be.
 */
#define CUTMIX_NULL 1

/**
 * A pointer is not aligned to what it points to: 4 bytes for `uint32_t` and `float`, 8 for samples and configurations, the element size for U16 and F32 images.
 */
#define CUTMIX_POINTER_ALIGNMENT 2

/**
 * A `struct_size` is smaller than the struct of this library, larger than 4096, or (in arrays) not a multiple of 8.
 */
#define CUTMIX_STRUCT_SIZE 3

/**
 * A struct is larger than that of this library and not zero beyond it: it asks for something newer.
 */
#define CUTMIX_STRUCT_NEWER 4

/**
 * A reserved field is not zero.
 */
#define CUTMIX_RESERVED 5

/**
 * A number is none of the constants of its enumeration.
 */
#define CUTMIX_ENUM 6

/**
 * The level is unknown, or this machine does not have it.
 */
#define CUTMIX_LEVEL_MISSING 7

/**
 * Two buffers share bytes, and at least one of them is written.
 */
#define CUTMIX_BUFFERS_OVERLAP 8

/**
 * Two images that belong together have different element types.
 */
#define CUTMIX_ELEMENT_MISMATCH 9

/**
 * An image side is zero.
 */
#define CUTMIX_ZERO_SIDE 10

/**
 * A box ends before it begins.
 */
#define CUTMIX_BOX_REVERSED 11

/**
 * A box reaches outside its image.
 */
#define CUTMIX_BOX_OUTSIDE 12

/**
 * Two images that must have the same width and height do not.
 */
#define CUTMIX_SIZE_MISMATCH 13

/**
 * A count does not fit: planes, bytes of a pixel, samples, values of a fill, classes; or it is zero and must not be.
 */
#define CUTMIX_COUNT_MISMATCH 14

/**
 * A buffer is shorter than what it has to hold.
 */
#define CUTMIX_TOO_SHORT 15

/**
 * A length or an offset is beyond what this machine can address, or negative.
 */
#define CUTMIX_TOO_LARGE 16

/**
 * A pitch, an origin or the size of a pixel is not a whole number of elements.
 */
#define CUTMIX_MISALIGNED 17

/**
 * A pitch is so short that rows, planes or samples share bytes.
 */
#define CUTMIX_SHORT_PITCH 18

/**
 * A lambda is not in [0, 1].
 */
#define CUTMIX_LAMBDA 19

/**
 * A centre is not inside the image.
 */
#define CUTMIX_CENTRE 20

/**
 * Beta is not offered for such parameters: equal ones lie in [1e-3, 1e6], unequal ones in [0.05, 50].
 */
#define CUTMIX_BETA_SHAPE 21

/**
 * The function draws uniform lambda only, and the configuration has another law.
 */
#define CUTMIX_NOT_UNIFORM 22

/**
 * A probability or a fraction is not in [0, 1].
 */
#define CUTMIX_FRACTION 23

/**
 * The least extent exceeds the greatest.
 */
#define CUTMIX_EXTENTS_REVERSED 24

/**
 * A ratio kept / total has kept > total or total = 0.
 */
#define CUTMIX_RATIO 25

/**
 * A Mixup weight is not on the grid of the elements: total is 2^15 for U8 and U16, 2^24 for F32.
 */
#define CUTMIX_WEIGHT_GRID 26

/**
 * A partner is not a sample of the batch.
 */
#define CUTMIX_PARTNER 27

/**
 * Values shared per pair need a pairing in which partners are mutual.
 */
#define CUTMIX_PAIR_NOT_MUTUAL 28

/**
 * One sample cannot be permuted without a fixed point.
 */
#define CUTMIX_NO_DERANGEMENT 29

/**
 * A sample asks for Mixup or noise, and elements of `CUTMIX_ELEMENT_BYTES` can only be copied.
 */
#define CUTMIX_COPY_ONLY 30

/**
 * The ratio of a sample is not that of its box in this image.
 */
#define CUTMIX_RATIO_NOT_OF_BOX 31

/**
 * A class id is not below the number of classes.
 */
#define CUTMIX_CLASS 32

/**
 * A grid step is zero.
 */
#define CUTMIX_ZERO_GRID 33

/**
 * A row lies outside its image.
 */
#define CUTMIX_ROW_OUTSIDE 34

/**
 * A mistake for which this version of the ABI has no code.
 */
#define CUTMIX_OTHER 35

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Mixes a batch of `count` samples in its own memory, as `samples` says: the result is that of `cutmix_batch_into` from
 * an untouched copy, for any partners. `batch` describes the first sample, with `data_bytes` of the whole batch; the
 * others are `sample_pitch` bytes apart, 0 for no gap. `fill` is what Cutouts fill with, null for zeros.
 *
 * `work` is working memory for the call, see `cutmix_batch_work_bytes`; what is not needed for the samples is scratch,
 * which must hold at least one pixel of one plane. Every byte of a box is written once, and nothing else is touched.
 * Costs one read and one write of the boxes, and of what has to be saved a second of each.
 *
 * Errors: those of images and samples, `CUTMIX_PARTNER`, `CUTMIX_BOX_OUTSIDE`, `CUTMIX_RATIO_NOT_OF_BOX`,
 * `CUTMIX_TOO_SHORT`, `CUTMIX_SHORT_PITCH`, `CUTMIX_WEIGHT_GRID`, `CUTMIX_COUNT_MISMATCH` of a constant fill,
 * `CUTMIX_COPY_ONLY`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`. No pixel was written then.
 *
 * ```c
 * uint8_t pixels[2 * 6] = {1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9}, work[1024]; // two grey images of 3 x 2
 * cutmix_image first;
 * cutmix_sample plans[2];
 * cutmix_status s = cutmix_image_nhwc(&first, sizeof first, pixels, sizeof pixels, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_sample_init(&plans[0], sizeof plans[0]);
 * plans[0].applied = 1, plans[0].patch[2] = plans[0].patch[3] = 1, plans[0].kept = 5, plans[0].total = 6;
 * plans[1] = plans[0], plans[0].partner = 1; // each takes the other's first pixel
 * if (!s) s = cutmix_batch_in_place(CUTMIX_LEVEL_BEST, &first, 0, plans, 2, NULL, work, sizeof work);
 * assert(s == CUTMIX_OK && pixels[0] == 9 && pixels[1] == 1 && pixels[6] == 1 && pixels[7] == 9);
 * ```
 */
cutmix_status cutmix_batch_in_place(uint32_t level,
                                    const struct cutmix_image *batch,
                                    size_t sample_pitch,
                                    const struct cutmix_sample *samples,
                                    size_t count,
                                    const struct cutmix_fill *fill,
                                    uint8_t *work,
                                    size_t work_bytes);

/**
 * Writes every sample of `out` from the samples of `input`, as `samples` says; both describe their first sample as in
 * `cutmix_batch_in_place`. Samples that are not mixed are copied. `work` needs no scratch.
 * Costs one write of the output, and a second one of what Mixup blends and Cutout fills.
 *
 * Errors: as `cutmix_batch_in_place`, and `CUTMIX_SIZE_MISMATCH`, `CUTMIX_COUNT_MISMATCH` or `CUTMIX_ELEMENT_MISMATCH` if
 * the images differ. For `CUTMIX_WEIGHT_GRID`, `CUTMIX_COUNT_MISMATCH` of a fill and `CUTMIX_COPY_ONLY` the samples before
 * the one that is wrong were written.
 *
 * ```c
 * uint8_t from[2 * 6] = {1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9}, to[2 * 6], work[1024]; // two grey images of 3 x 2
 * cutmix_image input, out;
 * cutmix_sample plans[2];
 * cutmix_status s = cutmix_image_nhwc(&input, sizeof input, from, sizeof from, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&out, sizeof out, to, sizeof to, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_sample_init(&plans[0], sizeof plans[0]);
 * plans[1] = plans[0]; // not applied: copied
 * plans[0].applied = 1, plans[0].patch[2] = plans[0].patch[3] = 1, plans[0].kept = 5, plans[0].total = 6;
 * plans[0].partner = 1;
 * if (!s) s = cutmix_batch_into(CUTMIX_LEVEL_BEST, &out, 0, &input, 0, plans, 2, NULL, work, sizeof work);
 * assert(s == CUTMIX_OK && to[0] == 9 && to[1] == 1 && memcmp(to + 6, from + 6, 6) == 0);
 * ```
 */
cutmix_status cutmix_batch_into(uint32_t level,
                                const struct cutmix_image *out,
                                size_t out_sample_pitch,
                                const struct cutmix_image *input,
                                size_t input_sample_pitch,
                                const struct cutmix_sample *samples,
                                size_t count,
                                const struct cutmix_fill *fill,
                                uint8_t *work,
                                size_t work_bytes);

/**
 * The box that a lambda in [0, 1] gives around a centre: `centre_x` in [0, `width`) and `centre_y` in [0, `height`), real,
 * in pixels. Writes x0, y0, x1, y1 to `patch`, in whole pixels and half open; the empty box is 0, 0, 0, 0. Constant cost,
 * some 10 ns on a desktop.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_ENUM`, `CUTMIX_ZERO_SIDE`, `CUTMIX_LAMBDA`, `CUTMIX_CENTRE`.
 *
 * ```c
 * uint32_t patch[4];
 * cutmix_status s = cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 0.75, 30.25, 11.5, 40, 24, patch);
 * assert(s == CUTMIX_OK && patch[0] == 20 && patch[1] == 5 && patch[2] == 40 && patch[3] == 17);
 * s = cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 1.5, 30.25, 11.5, 40, 24, patch);
 * assert(s == CUTMIX_LAMBDA && patch[0] == 20);
 * ```
 */
cutmix_status cutmix_box_of_lambda(uint32_t rule,
                                   double lambda,
                                   double centre_x,
                                   double centre_y,
                                   uint32_t width,
                                   uint32_t height,
                                   uint32_t *patch);

/**
 * The box of `box_width` x `box_height` pixels around a centre, clipped; otherwise as `cutmix_box_of_lambda`.
 * Constant cost.
 *
 * Errors: as `cutmix_box_of_lambda`, without `CUTMIX_LAMBDA`.
 *
 * ```c
 * uint32_t patch[4]; // 4 x 2 pixels around the left border
 * cutmix_status s = cutmix_box_fixed(CUTMIX_RULE_OFFICIAL, 4, 2, 1.0, 12.0, 40, 24, patch);
 * assert(s == CUTMIX_OK && patch[0] == 0 && patch[1] == 11 && patch[2] == 3 && patch[3] == 13);
 * ```
 */
cutmix_status cutmix_box_fixed(uint32_t rule,
                               uint32_t box_width,
                               uint32_t box_height,
                               double centre_x,
                               double centre_y,
                               uint32_t width,
                               uint32_t height,
                               uint32_t *patch);

/**
 * Moves the edges of a box to the nearest borders of cells of `grid_x` x `grid_y` pixels, in place, so that subsampled
 * planes (4:2:0 chroma, Bayer quads) can be cut with the same box. Ties go to the lower border. Take the ratio from the
 * snapped box. Constant cost.
 *
 * Errors: those of boxes, `CUTMIX_ZERO_GRID`, `CUTMIX_ZERO_SIDE`.
 *
 * ```c
 * uint32_t patch[4] = {3, 1, 7, 5}; // 4:2:0 of 7 x 6 pixels: the last column belongs to the last chroma sample
 * cutmix_status s = cutmix_box_snap(patch, 2, 2, 7, 6);
 * assert(s == CUTMIX_OK && patch[0] == 2 && patch[1] == 0 && patch[2] == 7 && patch[3] == 4);
 * ```
 */
cutmix_status cutmix_box_snap(uint32_t *patch, uint32_t grid_x, uint32_t grid_y, uint32_t width, uint32_t height);

/**
 * Turns a box into that of a plane with one sample for each cell of `grid_x` x `grid_y` pixels, in place: for a snapped
 * box, exactly its samples there; of any other, the cells that it touches. Constant cost.
 *
 * Errors: those of boxes, `CUTMIX_ZERO_GRID`.
 *
 * ```c
 * uint32_t patch[4] = {2, 0, 7, 4};
 * cutmix_status s = cutmix_box_subsample(patch, 2, 2);
 * assert(s == CUTMIX_OK && patch[0] == 1 && patch[1] == 0 && patch[2] == 4 && patch[3] == 2);
 * ```
 */
cutmix_status cutmix_box_subsample(uint32_t *patch, uint32_t grid_x, uint32_t grid_y);

/**
 * Writes the share of the image that is outside the box, `kept / total` in pixels: lambda', not reduced.
 * Constant cost.
 *
 * Errors: those of boxes, `CUTMIX_ZERO_SIDE`.
 *
 * ```c
 * uint32_t patch[4] = {1, 0, 3, 1};
 * uint64_t kept, total;
 * cutmix_status s = cutmix_box_ratio(patch, 3, 2, &kept, &total);
 * assert(s == CUTMIX_OK && kept == 4 && total == 6);
 * s = cutmix_box_ratio(patch, 2, 2, &kept, &total);
 * assert(s == CUTMIX_BOX_OUTSIDE && kept == 4);
 * ```
 */
cutmix_status cutmix_box_ratio(const uint32_t *patch, uint32_t width, uint32_t height, uint64_t *kept, uint64_t *total);

/**
 * Writes the Mixup weight nearest to a lambda in [0, 1] on a grid, one of `CUTMIX_GRID_*`: `kept` steps of the base out of
 * `total`. Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_ENUM`, `CUTMIX_LAMBDA`.
 *
 * ```c
 * uint64_t kept, total;
 * cutmix_status s = cutmix_mixup_weight(CUTMIX_GRID_Q15, 0.3, &kept, &total);
 * assert(s == CUTMIX_OK && kept == 9830 && total == 32768); // 0.3 * 2^15 is 9830.4
 * ```
 */
cutmix_status cutmix_mixup_weight(uint32_t grid,
                                  double lambda,
                                  uint64_t *kept,
                                  uint64_t *total);

/**
 * Writes the mask M, one byte a pixel in row order: 1 where the base is kept, 0 inside the box. `mask_bytes` is
 * `width * height`. Costs one write of the mask.
 *
 * Errors: those of boxes, `CUTMIX_ZERO_SIDE`, `CUTMIX_COUNT_MISMATCH` if `mask_bytes` is another number,
 * `CUTMIX_TOO_LARGE`.
 *
 * ```c
 * uint32_t patch[4] = {1, 0, 3, 1};
 * uint8_t mask[3 * 2], expected[3 * 2] = {1, 0, 0, 1, 1, 1};
 * cutmix_status s = cutmix_mask_bytes(patch, 3, 2, mask, sizeof mask);
 * assert(s == CUTMIX_OK && memcmp(mask, expected, sizeof mask) == 0);
 * ```
 */
cutmix_status cutmix_mask_bytes(const uint32_t *patch,
                                uint32_t width,
                                uint32_t height,
                                uint8_t *mask,
                                size_t mask_bytes);

/**
 * Bytes of one row of `cutmix_mask_bits` for `width` pixels: `ceil(width / 8)`. Never fails; constant cost.
 *
 * ```c
 * assert(cutmix_mask_bits_row_bytes(8) == 1 && cutmix_mask_bits_row_bytes(9) == 2);
 * ```
 */
uint32_t cutmix_mask_bits_row_bytes(uint32_t width);

/**
 * Writes the mask M, one bit a pixel, the leftmost pixel of each eight in the highest bit; rows begin on a byte, and the
 * bits after the last pixel are 0. `mask_bytes` is `cutmix_mask_bits_row_bytes(width) * height`. Costs one write of the
 * mask.
 *
 * Errors: as `cutmix_mask_bytes`.
 *
 * ```c
 * uint32_t patch[4] = {1, 0, 9, 1}; // of 10 pixels, the first and the last are kept
 * uint8_t mask[2];
 * cutmix_status s = cutmix_mask_bits(patch, 10, 1, mask, sizeof mask);
 * assert(s == CUTMIX_OK && mask[0] == 0x80 && mask[1] == 0x40);
 * ```
 */
cutmix_status cutmix_mask_bits(const uint32_t *patch,
                               uint32_t width,
                               uint32_t height,
                               uint8_t *mask,
                               size_t mask_bytes);

/**
 * Sets a configuration to `CutMix` of the paper on images of `width` x `height` pixels: alpha 1, rule
 * `CUTMIX_RULE_PAPER`, always applied. Pass `sizeof(cutmix_config)` as `struct_size`, which is in bytes. Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`, `CUTMIX_ZERO_SIDE`.
 *
 * ```c
 * cutmix_config config;
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * assert(s == CUTMIX_OK && config.method == CUTMIX_METHOD_CUTMIX && config.rule == CUTMIX_RULE_PAPER);
 * assert(config.cutmix_alpha == 1.0 && config.cutmix_beta == 1.0 && config.probability == 1.0);
 * ```
 */
cutmix_status cutmix_config_init(struct cutmix_config *config, size_t struct_size, uint32_t width, uint32_t height);

/**
 * Sets a batch's configuration: a draw for each sample, pairing `CUTMIX_PAIRING_ROLL`, samples in a row from
 * `first_index` on. Pass `sizeof(cutmix_batch_config)` as `struct_size`, which is in bytes. Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
 *
 * ```c
 * cutmix_batch_config batch; // the samples from index 96 of the data set on
 * cutmix_status s = cutmix_batch_config_init(&batch, sizeof batch, 96);
 * assert(s == CUTMIX_OK && batch.pairing == CUTMIX_PAIRING_ROLL && batch.scope == CUTMIX_SCOPE_SAMPLE);
 * assert(batch.first_index == 96 && batch.indices == NULL);
 * ```
 */
cutmix_status cutmix_batch_config_init(struct cutmix_batch_config *batch, size_t struct_size, uint64_t first_index);

/**
 * Sets an interleaved image (NHWC; grey with `channels` 1) of `width` x `height` pixels without padding. `data_bytes` is
 * the length of the buffer. Pass `sizeof(cutmix_image)` as `struct_size`. Whether the buffer is long enough is checked
 * when the image is used, so that pitches can be changed before. With `CUTMIX_ELEMENT_BYTES`, `channels` is the bytes of
 * a pixel. Constant cost: no pixel is looked at.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT` and `CUTMIX_STRUCT_SIZE` of `image`, `CUTMIX_ZERO_SIDE`,
 * `CUTMIX_ENUM`, `CUTMIX_COUNT_MISMATCH` for no channels, `CUTMIX_TOO_LARGE`.
 *
 * ```c
 * uint8_t pixels[40 * 24 * 3] = {0};
 * uint32_t patch[4] = {0, 0, 1, 1};
 * cutmix_image image; // of 25 rows, where the buffer has 24
 * cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 40, 25, 3, CUTMIX_ELEMENT_U8);
 * assert(s == CUTMIX_OK && image.planes == 1 && image.pixel_bytes == 3);
 * s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, patch, NULL, NULL, NULL);
 * assert(s == CUTMIX_TOO_SHORT);
 * ```
 */
cutmix_status cutmix_image_nhwc(struct cutmix_image *image,
                                size_t struct_size,
                                void *data,
                                size_t data_bytes,
                                uint32_t width,
                                uint32_t height,
                                uint32_t channels,
                                uint32_t element);

/**
 * As `cutmix_image_nhwc` for planar images (NCHW): one plane for each channel. Constant cost.
 *
 * Errors: as `cutmix_image_nhwc`.
 *
 * ```c
 * float pixels[3 * 24 * 40];
 * cutmix_image image;
 * cutmix_status s = cutmix_image_nchw(&image, sizeof image, pixels, sizeof pixels, 40, 24, 3, CUTMIX_ELEMENT_F32);
 * assert(s == CUTMIX_OK && image.planes == 3 && image.pixel_bytes == sizeof(float));
 * ```
 */
cutmix_status cutmix_image_nchw(struct cutmix_image *image,
                                size_t struct_size,
                                void *data,
                                size_t data_bytes,
                                uint32_t width,
                                uint32_t height,
                                uint32_t channels,
                                uint32_t element);

/**
 * As `cutmix_image_nhwc` for images tiled by four channels (NC4HW4): `ceil(channels / 4)` planes of 4-element pixels.
 * Constant cost.
 *
 * Errors: as `cutmix_image_nhwc`.
 *
 * ```c
 * uint16_t pixels[2 * 24 * 40 * 4];
 * cutmix_image image; // six channels: two planes of four, of which two channels are padding
 * cutmix_status s = cutmix_image_nc4hw4(&image, sizeof image, pixels, sizeof pixels, 40, 24, 6, CUTMIX_ELEMENT_U16);
 * assert(s == CUTMIX_OK && image.planes == 2 && image.pixel_bytes == 4 * sizeof(uint16_t));
 * ```
 */
cutmix_status cutmix_image_nc4hw4(struct cutmix_image *image,
                                  size_t struct_size,
                                  void *data,
                                  size_t data_bytes,
                                  uint32_t width,
                                  uint32_t height,
                                  uint32_t channels,
                                  uint32_t element);

/**
 * Sets a fill to zeros, and the range of noise to [0, 1). Pass `sizeof(cutmix_fill)` as `struct_size`, which is in bytes.
 * Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
 *
 * ```c
 * float grey[4] = {9, 9, 9, 9};
 * uint32_t left[4] = {0, 0, 2, 1};
 * cutmix_image image;
 * cutmix_fill fill;
 * cutmix_status s = cutmix_image_nhwc(&image, sizeof image, grey, sizeof grey, 4, 1, 1, CUTMIX_ELEMENT_F32);
 * if (!s) s = cutmix_fill_init(&fill, sizeof fill);
 * fill.kind = CUTMIX_FILL_NOISE, fill.lo = -1, fill.hi = 1;
 * if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, left, &fill, NULL, NULL);
 * assert(s == CUTMIX_OK && grey[0] >= -1 && grey[0] < 1 && grey[1] != grey[0] && grey[2] == 9);
 * ```
 */
cutmix_status cutmix_fill_init(struct cutmix_fill *fill,
                               size_t struct_size);

/**
 * Writes the weights of the pair form: the loss is `weight_a * loss(y_a) + weight_b * loss(y_b)`, `y_a` being the base's
 * label and `y_b` the donor's. `weight_a` is f32(kept / total), `weight_b` is 1 - `weight_a`; 1 and 0 for Cutout, whose
 * labels stay. Constant cost.
 *
 * Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`.
 *
 * ```c
 * cutmix_sample plan;
 * float weight_a, weight_b;
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.kept = 3, plan.total = 4;
 * if (!s) s = cutmix_label_weights(&plan, &weight_a, &weight_b);
 * assert(s == CUTMIX_OK && weight_a == 0.75f && weight_b == 0.25f);
 * plan.method = CUTMIX_METHOD_CUTOUT;
 * s = cutmix_label_weights(&plan, &weight_a, &weight_b);
 * assert(s == CUTMIX_OK && weight_a == 1 && weight_b == 0);
 * ```
 */
cutmix_status cutmix_label_weights(const struct cutmix_sample *sample,
                                   float *weight_a,
                                   float *weight_b);

/**
 * Mixes two class ids into a soft row of `classes` numbers. `smoothing` in [0, 1] gives `smoothing / classes` to every
 * class and takes it from the true ones; 0 for none. The sum is 1 within one rounding. Costs one write of the row.
 *
 * Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_FRACTION`, `CUTMIX_CLASS` if an id is not
 * below `classes`, `CUTMIX_TOO_LARGE`.
 *
 * ```c
 * cutmix_sample plan;
 * float row[4];
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.kept = 5, plan.total = 8;
 * if (!s) s = cutmix_label_ids(&plan, row, 4, 2, 0, 0.0);
 * assert(s == CUTMIX_OK && row[0] == 0.375f && row[1] == 0 && row[2] == 0.625f && row[3] == 0);
 * s = cutmix_label_ids(&plan, row, 4, 4, 0, 0.0);
 * assert(s == CUTMIX_CLASS);
 * ```
 */
cutmix_status cutmix_label_ids(const struct cutmix_sample *sample,
                               float *row,
                               size_t classes,
                               uint32_t base,
                               uint32_t donor,
                               double smoothing);

/**
 * Mixes two soft or one-hot rows of `classes` numbers into a third, which shares no bytes with them. Costs two reads and
 * a write of each number.
 *
 * Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`,
 * `CUTMIX_TOO_LARGE`.
 *
 * ```c
 * cutmix_sample plan;
 * float cat[3] = {1, 0, 0}, dogs[3] = {0, 0.5f, 0.5f}, row[3];
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.kept = 3, plan.total = 4;
 * if (!s) s = cutmix_label_rows(CUTMIX_LEVEL_BEST, &plan, row, cat, dogs, 3);
 * assert(s == CUTMIX_OK && row[0] == 0.75f && row[1] == 0.125f && row[2] == 0.125f);
 * ```
 */
cutmix_status cutmix_label_rows(uint32_t level,
                                const struct cutmix_sample *sample,
                                float *row,
                                const float *base,
                                const float *donor,
                                size_t classes);

/**
 * Mixes the class ids of a batch of `count` samples into `count` soft rows of `classes` numbers, one after the other.
 * The labels of Cutouts and of samples that are not applied stay. Costs one write of the rows.
 *
 * Errors: as `cutmix_label_ids`, `CUTMIX_PARTNER` if a partner is not in the batch, `CUTMIX_BUFFERS_OVERLAP`.
 *
 * ```c
 * cutmix_sample plans[2];
 * uint32_t ids[2] = {2, 0};
 * float rows[2 * 3];
 * cutmix_status s = cutmix_sample_init(&plans[0], sizeof plans[0]);
 * plans[1] = plans[0]; // not applied
 * plans[0].applied = 1, plans[0].kept = 3, plans[0].total = 4, plans[0].partner = 1;
 * if (!s) s = cutmix_batch_label_ids(plans, 2, rows, 3, ids, 0.0);
 * assert(s == CUTMIX_OK && rows[0] == 0.25f && rows[2] == 0.75f && rows[3] == 1 && rows[5] == 0);
 * ```
 */
cutmix_status cutmix_batch_label_ids(const struct cutmix_sample *samples,
                                     size_t count,
                                     float *rows,
                                     size_t classes,
                                     const uint32_t *ids,
                                     double smoothing);

/**
 * Mixes the rows of a batch of `count` samples, `classes` numbers each, one after the other, into `out`. Costs two reads
 * and a write of each number.
 *
 * Errors: as `cutmix_label_rows`, `CUTMIX_PARTNER` if a partner is not in the batch.
 *
 * ```c
 * cutmix_sample plans[2];
 * float rows[2 * 2] = {1, 0, 0.5f, 0.5f}, out[2 * 2];
 * cutmix_status s = cutmix_sample_init(&plans[0], sizeof plans[0]);
 * plans[1] = plans[0]; // not applied
 * plans[0].applied = 1, plans[0].kept = 3, plans[0].total = 4, plans[0].partner = 1;
 * if (!s) s = cutmix_batch_label_rows(CUTMIX_LEVEL_BEST, plans, 2, out, rows, 2);
 * assert(s == CUTMIX_OK && out[0] == 0.875f && out[1] == 0.125f && out[2] == 0.5f && out[3] == 0.5f);
 * ```
 */
cutmix_status cutmix_batch_label_rows(uint32_t level,
                                      const struct cutmix_sample *samples,
                                      size_t count,
                                      float *out,
                                      const float *rows,
                                      size_t classes);

/**
 * The version of the ABI that this library has; see `CUTMIX_ABI_VERSION`. Never fails; constant cost.
 *
 * ```c
 * // The shared library that was found may be a newer one than the header, but not an older one.
 * assert(cutmix_abi_version() >= CUTMIX_ABI_VERSION);
 * ```
 */
uint32_t cutmix_abi_version(void);

/**
 * The version of the stream contract that this library draws by; see `CUTMIX_STREAM_VERSION`. Never fails; constant cost.
 *
 * ```c
 * assert(cutmix_stream_version() == CUTMIX_STREAM_VERSION); // else stored keys would give other plans
 * ```
 */
uint32_t cutmix_stream_version(void);

/**
 * The version of the library, such as "0.1.0": a static string that ends with a zero. For a log; what can be relied on is
 * `cutmix_abi_version`. Never fails; constant cost.
 *
 * ```c
 * unsigned major, minor, patch;
 * int numbers = sscanf(cutmix_version(), "%u.%u.%u", &major, &minor, &patch);
 * assert(numbers == 3);
 * ```
 */
const char *cutmix_version(void);

/**
 * The best level of this machine, one of `CUTMIX_LEVEL_*` and never `CUTMIX_LEVEL_BEST`. On x86 it asks the processor
 * once, then costs a relaxed load; elsewhere it is what the library was compiled for. All levels give the same bytes.
 * Never fails.
 *
 * ```c
 * uint32_t best = cutmix_level_detect(), found;
 * cutmix_status s = cutmix_level_from_name(cutmix_level_name(best), &found);
 * assert(s == CUTMIX_OK && found == best && best != CUTMIX_LEVEL_BEST);
 * ```
 */
uint32_t cutmix_level_detect(void);

/**
 * The name of a level, such as "avx2", whether or not this machine has it; null for a number that is no level, and for
 * `CUTMIX_LEVEL_BEST`. A static string that ends with a zero. Constant cost.
 *
 * ```c
 * assert(strcmp(cutmix_level_name(CUTMIX_LEVEL_AVX2), "avx2") == 0);
 * assert(cutmix_level_name(CUTMIX_LEVEL_BEST) == NULL && cutmix_level_name(99) == NULL);
 * ```
 */
const char *cutmix_level_name(uint32_t level);

/**
 * Writes the level of a name into `level`, for choosing a lower one by an option or a variable of the environment.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`; `CUTMIX_LEVEL_MISSING` if there is no level of that name, or this
 * machine does not have it. At most 16 bytes of `name` are read: constant cost.
 *
 * ```c
 * uint32_t level = CUTMIX_LEVEL_BEST;
 * cutmix_status s = cutmix_level_from_name("avx1024", &level);
 * assert(s == CUTMIX_LEVEL_MISSING && level == CUTMIX_LEVEL_BEST);
 * s = cutmix_level_from_name("portable", &level);
 * assert(s == CUTMIX_OK && level == CUTMIX_LEVEL_PORTABLE);
 * ```
 */
cutmix_status cutmix_level_from_name(const char *name, uint32_t *level);

/**
 * Pastes a box of the donor into the base: `CutMix` of one pair with a box of your own. `patch` is x0, y0, x1, y1, half
 * open, in pixels. Pixels are copied bit for bit; nothing outside the box is touched. `kept` and `total` receive
 * lambda', the exact weight of the base's label; either may be null. Costs one read and one write of the box.
 *
 * Errors: those of images and boxes, `CUTMIX_SIZE_MISMATCH`, `CUTMIX_COUNT_MISMATCH` and `CUTMIX_ELEMENT_MISMATCH` if the
 * images differ, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`.
 *
 * ```c
 * uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
 * uint32_t patch[4] = {1, 0, 3, 1};
 * uint64_t kept, total;
 * cutmix_image base, donor;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_paste_in_place(CUTMIX_LEVEL_BEST, &base, &donor, patch, &kept, &total);
 * assert(s == CUTMIX_OK && cat[0] == 1 && cat[1] == 9 && cat[2] == 9 && cat[3] == 1 && kept == 4 && total == 6);
 * ```
 */
cutmix_status cutmix_paste_in_place(uint32_t level,
                                    const struct cutmix_image *base,
                                    const struct cutmix_image *donor,
                                    const uint32_t *patch,
                                    uint64_t *kept,
                                    uint64_t *total);

/**
 * As `cutmix_paste_in_place`, into a third image: the base outside the box, the donor inside. Base and donor may be the
 * same image. Costs one write of the image.
 *
 * Errors: as `cutmix_paste_in_place`, of all three images.
 *
 * ```c
 * uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9}, mix[6];
 * uint32_t patch[4] = {1, 0, 3, 1};
 * cutmix_image base, donor, out;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_paste_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, patch, NULL, NULL);
 * assert(s == CUTMIX_OK && mix[0] == 1 && mix[1] == 9 && mix[2] == 9 && mix[3] == 1 && cat[1] == 1);
 * ```
 */
cutmix_status cutmix_paste_into(uint32_t level,
                                const struct cutmix_image *out,
                                const struct cutmix_image *base,
                                const struct cutmix_image *donor,
                                const uint32_t *patch,
                                uint64_t *kept,
                                uint64_t *total);

/**
 * `CutMix` of a pair with each other: the box of each becomes that of the other, without a copy of either. `kept` and
 * `total` receive the weight of each base's label; either may be null. Costs one read and one write of both boxes.
 *
 * Errors: as `cutmix_paste_in_place`.
 *
 * ```c
 * uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
 * uint32_t patch[4] = {1, 0, 3, 1};
 * cutmix_image a, b;
 * cutmix_status s = cutmix_image_nhwc(&a, sizeof a, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&b, sizeof b, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_exchange(CUTMIX_LEVEL_BEST, &a, &b, patch, NULL, NULL);
 * assert(s == CUTMIX_OK && cat[0] == 1 && cat[1] == 9 && dog[0] == 9 && dog[1] == 1);
 * ```
 */
cutmix_status cutmix_exchange(uint32_t level,
                              const struct cutmix_image *a,
                              const struct cutmix_image *b,
                              const uint32_t *patch,
                              uint64_t *kept,
                              uint64_t *total);

/**
 * Blends the donor into the base with the base's weight `kept / total` on the grid of the elements (`total` is 2^15 for
 * U8 and U16, 2^24 for F32): Mixup of one pair. See `cutmix_mixup_weight`. The label gets the same weight.
 * Costs two reads and a write of the image.
 *
 * Errors: as `cutmix_paste_in_place`, and `CUTMIX_RATIO`, `CUTMIX_WEIGHT_GRID`, `CUTMIX_COPY_ONLY`.
 *
 * ```c
 * uint8_t cat[2] = {100, 200}, dog[2] = {0, 0};
 * cutmix_image base, donor;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 2, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 2, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_mixup_in_place(CUTMIX_LEVEL_BEST, &base, &donor, 8192, 32768);
 * assert(s == CUTMIX_OK && cat[0] == 25 && cat[1] == 50);
 * s = cutmix_mixup_in_place(CUTMIX_LEVEL_BEST, &base, &donor, 1, 4); // a quarter as well, but not on the grid
 * assert(s == CUTMIX_WEIGHT_GRID && cat[0] == 25);
 * ```
 */
cutmix_status cutmix_mixup_in_place(uint32_t level,
                                    const struct cutmix_image *base,
                                    const struct cutmix_image *donor,
                                    uint64_t kept,
                                    uint64_t total);

/**
 * As `cutmix_mixup_in_place`, into a third image. Base and donor may be the same image. Costs a copy of the base, then
 * what `cutmix_mixup_in_place` does.
 *
 * Errors: as `cutmix_mixup_in_place`, of all three images.
 *
 * ```c
 * float cat[2] = {1, 1}, dog[2] = {0, 0.5f}, mix[2];
 * uint64_t kept, total;
 * cutmix_image base, donor, out;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 2, 1, 1, CUTMIX_ELEMENT_F32);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 2, 1, 1, CUTMIX_ELEMENT_F32);
 * if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 2, 1, 1, CUTMIX_ELEMENT_F32);
 * if (!s) s = cutmix_mixup_weight(CUTMIX_GRID_Q24, 0.25, &kept, &total);
 * if (!s) s = cutmix_mixup_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, kept, total);
 * assert(s == CUTMIX_OK && mix[0] == 0.25f && mix[1] == 0.625f && cat[0] == 1);
 * ```
 */
cutmix_status cutmix_mixup_into(uint32_t level,
                                const struct cutmix_image *out,
                                const struct cutmix_image *base,
                                const struct cutmix_image *donor,
                                uint64_t kept,
                                uint64_t total);

/**
 * Fills a box of the image. `fill` may be null for zeros. `noise` is two words that select the noise, null for zeros;
 * `frame` is the width and height of the whole image and the column and row of this one in it, null where this is the
 * whole: so every tile gets the noise of the whole. Costs one write of the box.
 *
 * Errors: those of images and boxes, `CUTMIX_COUNT_MISMATCH` if a constant does not have one value for every element of a
 * pixel, `CUTMIX_COPY_ONLY` for noise in `CUTMIX_ELEMENT_BYTES`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`.
 *
 * ```c
 * uint8_t pixels[4] = {0}, right[2] = {0}; // 4 x 1, and the tile of its last two columns
 * uint32_t all[4] = {0, 0, 4, 1}, both[4] = {0, 0, 2, 1}, noise[2] = {7, 41}, frame[4] = {4, 1, 2, 0};
 * cutmix_image image, tile;
 * cutmix_fill fill;
 * cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 4, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&tile, sizeof tile, right, sizeof right, 2, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_fill_init(&fill, sizeof fill);
 * fill.kind = CUTMIX_FILL_NOISE;
 * if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, all, &fill, noise, NULL);
 * if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &tile, both, &fill, noise, frame);
 * assert(s == CUTMIX_OK && memcmp(right, pixels + 2, 2) == 0 && memcmp(right, pixels, 2) != 0);
 * ```
 */
cutmix_status cutmix_cutout(uint32_t level,
                            const struct cutmix_image *image,
                            const uint32_t *patch,
                            const struct cutmix_fill *fill,
                            const uint32_t *noise,
                            const uint32_t *frame);

/**
 * Does to the base what the plan says: `CutMix`, Mixup or Cutout, or nothing where it is not applied. `donor` is only
 * looked at where the plan takes something from it, and may be null for Cutout; `fill` is what Cutout fills with, null
 * for zeros. Costs what the operation does.
 *
 * Errors: as `cutmix_paste_in_place`, `cutmix_mixup_in_place` and `cutmix_cutout`, those of samples, and
 * `CUTMIX_RATIO_NOT_OF_BOX` if the plan is not one for images of this size.
 *
 * ```c
 * uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
 * cutmix_image base, donor;
 * cutmix_sample plan;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6; // or cutmix_plan_sample
 * if (!s) s = cutmix_mix_in_place(CUTMIX_LEVEL_BEST, &base, &donor, &plan, NULL);
 * assert(s == CUTMIX_OK && cat[0] == 9 && cat[1] == 9 && cat[2] == 1 && cat[3] == 1);
 * ```
 */
cutmix_status cutmix_mix_in_place(uint32_t level,
                                  const struct cutmix_image *base,
                                  const struct cutmix_image *donor,
                                  const struct cutmix_sample *sample,
                                  const struct cutmix_fill *fill);

/**
 * As `cutmix_mix_in_place`, into a third image, which is written in any case. Costs one write of the image, and a second
 * one of what Mixup blends and Cutout fills.
 *
 * Errors: as `cutmix_mix_in_place`, of all three images; the donor is looked at in the same cases.
 *
 * ```c
 * uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9}, mix[6];
 * cutmix_image base, donor, out;
 * cutmix_sample plan;
 * cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 3, 2, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_sample_init(&plan, sizeof plan);
 * plan.method = CUTMIX_METHOD_MIXUP, plan.applied = 1, plan.kept = 24576, plan.total = 32768; // or cutmix_plan_sample
 * if (!s) s = cutmix_mix_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, &plan, NULL);
 * assert(s == CUTMIX_OK && mix[0] == 3 && mix[5] == 3 && cat[0] == 1); // 3/4 of 1 and 1/4 of 9
 * ```
 */
cutmix_status cutmix_mix_into(uint32_t level,
                              const struct cutmix_image *out,
                              const struct cutmix_image *base,
                              const struct cutmix_image *donor,
                              const struct cutmix_sample *sample,
                              const struct cutmix_fill *fill);

/**
 * Draws the plan of one sample: a pure function of the key (`seed`, `epoch`, `index` of the sample in the data set) and
 * the configuration, the same in every process and on every board. `sample->struct_size` says how large `sample` is;
 * see `cutmix_sample_init`. Costs some 50 ns at alpha 1 on a desktop.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`, `CUTMIX_STRUCT_NEWER`, `CUTMIX_RESERVED`,
 * `CUTMIX_ENUM`, `CUTMIX_ZERO_SIDE`, `CUTMIX_FRACTION`, `CUTMIX_EXTENTS_REVERSED`, `CUTMIX_BETA_SHAPE`.
 *
 * ```c
 * cutmix_config config;
 * cutmix_sample plan;
 * plan.struct_size = sizeof plan;
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
 * assert(s == CUTMIX_OK && plan.patch[0] == 0 && plan.patch[1] == 12 && plan.patch[2] == 22 && plan.patch[3] == 24);
 * assert(plan.kept == 696 && plan.total == 960);
 * ```
 */
cutmix_status cutmix_plan_sample(uint64_t seed,
                                 uint64_t epoch,
                                 uint64_t index,
                                 const struct cutmix_config *config,
                                 struct cutmix_sample *sample);

/**
 * As `cutmix_plan_sample`, for configurations whose four alphas and betas are 1, the paper's. The plan is the same; what
 * differs is that the library's other Beta samplers are not reached, so that a linker can leave them out: it saves some
 * kilobytes of flash. Costs as much as `cutmix_plan_sample`.
 *
 * Errors: as `cutmix_plan_sample`, and `CUTMIX_NOT_UNIFORM` for other laws.
 *
 * ```c
 * cutmix_config config;
 * cutmix_sample plan, uniform;
 * plan.struct_size = uniform.struct_size = sizeof plan;
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
 * if (!s) s = cutmix_plan_sample_uniform(7, 0, 41, &config, &uniform);
 * assert(s == CUTMIX_OK && memcmp(&plan, &uniform, sizeof plan) == 0);
 * config.cutmix_alpha = config.cutmix_beta = 0.5;
 * s = cutmix_plan_sample_uniform(7, 0, 41, &config, &uniform);
 * assert(s == CUTMIX_NOT_UNIFORM);
 * ```
 */
cutmix_status cutmix_plan_sample_uniform(uint64_t seed,
                                         uint64_t epoch,
                                         uint64_t index,
                                         const struct cutmix_config *config,
                                         struct cutmix_sample *sample);

/**
 * Writes to `bytes` how much working memory the functions for batches need for `count` samples: about 100 bytes for
 * each, wherever the memory begins, and `scratch_bytes` more for the pixels that `cutmix_batch_in_place` has to save. Of
 * those, one pixel of one plane is enough and a few KiB are best; the other functions need none. Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_TOO_LARGE`.
 *
 * ```c
 * size_t bytes;
 * cutmix_status s = cutmix_batch_work_bytes(64, 4096, &bytes);
 * assert(s == CUTMIX_OK && bytes > 4096 && bytes < 4096 + 64 * 128);
 * s = cutmix_batch_work_bytes(SIZE_MAX, 4096, &bytes);
 * assert(s == CUTMIX_TOO_LARGE);
 * ```
 */
cutmix_status cutmix_batch_work_bytes(size_t count,
                                      size_t scratch_bytes,
                                      size_t *bytes);

/**
 * Draws the plans of a batch of `count` samples into `samples`, whose first one's `struct_size` says how large each of
 * them is (the others are set by this function). Boxes of `CUTMIX_SCOPE_SAMPLE` depend on `seed`, `epoch` and the
 * sample's index in the data set alone; pairings, and boxes of the other scopes, on `seed`, `epoch`, `batch` and `count`.
 *
 * `work` is `work_bytes` of memory at any alignment, needed during the call only; see `cutmix_batch_work_bytes`. Costs a
 * `cutmix_plan_sample` for every sample (of a pair or batch that shares its box only one), and the pairing.
 *
 * Errors: as `cutmix_plan_sample`, `CUTMIX_TOO_SHORT` for too little working memory, `CUTMIX_BUFFERS_OVERLAP`,
 * `CUTMIX_PARTNER` if a given partner is not in the batch, `CUTMIX_PAIR_NOT_MUTUAL`, `CUTMIX_NO_DERANGEMENT`,
 * `CUTMIX_TOO_LARGE` from 2^31 samples on.
 *
 * ```c
 * uint8_t work[1024];
 * cutmix_config config;
 * cutmix_batch_config batch;
 * cutmix_sample plans[3];
 * plans[0].struct_size = sizeof plans[0];
 * cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
 * if (!s) s = cutmix_batch_config_init(&batch, sizeof batch, 96);
 * if (!s) s = cutmix_plan_batch(7, 0, 32, &config, &batch, plans, 3, work, sizeof work);
 * assert(s == CUTMIX_OK && plans[0].partner == 2 && plans[1].partner == 0 && plans[2].partner == 1);
 * s = cutmix_plan_batch(7, 0, 32, &config, &batch, plans, 3, work, 100);
 * assert(s == CUTMIX_TOO_SHORT);
 * ```
 */
cutmix_status cutmix_plan_batch(uint64_t seed,
                                uint64_t epoch,
                                uint64_t batch,
                                const struct cutmix_config *config,
                                const struct cutmix_batch_config *batch_config,
                                struct cutmix_sample *samples,
                                size_t count,
                                uint8_t *work,
                                size_t work_bytes);

/**
 * Checks that a plan fits images of `width` x `height` pixels: the box lies within and has the ratio that it claims.
 * Constant cost.
 *
 * Errors: those of samples, `CUTMIX_ZERO_SIDE`, `CUTMIX_BOX_OUTSIDE`, `CUTMIX_RATIO_NOT_OF_BOX`.
 *
 * ```c
 * cutmix_sample plan;
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6;
 * if (!s) s = cutmix_sample_check(&plan, 3, 2);
 * assert(s == CUTMIX_OK);
 * s = cutmix_sample_check(&plan, 3, 3);
 * assert(s == CUTMIX_RATIO_NOT_OF_BOX);
 * ```
 */
cutmix_status cutmix_sample_check(const struct cutmix_sample *sample, uint32_t width, uint32_t height);

/**
 * Turns a plan for images of `width` x `height` pixels into what it means for a window (x0, y0, x1, y1) of them, in the
 * window's own coordinates, in place. The label comes from the whole plan, since only that has the whole ratio.
 * Constant cost.
 *
 * Errors: those of samples and boxes, `CUTMIX_ZERO_SIDE` if the window is empty.
 *
 * ```c
 * uint32_t window[4] = {1, 0, 3, 2}; // the last two columns of 3 x 2 pixels
 * cutmix_sample part;
 * cutmix_status s = cutmix_sample_init(&part, sizeof part);
 * part.applied = 1, part.patch[2] = 2, part.patch[3] = 1, part.kept = 4, part.total = 6;
 * if (!s) s = cutmix_sample_window(&part, 3, 2, window);
 * assert(s == CUTMIX_OK && part.patch[0] == 0 && part.patch[2] == 1 && part.kept == 3 && part.total == 4);
 * ```
 */
cutmix_status cutmix_sample_window(struct cutmix_sample *sample,
                                   uint32_t width,
                                   uint32_t height,
                                   const uint32_t *window);

/**
 * As `cutmix_mix_in_place` for row `y` of plane `plane` of an image of `image_height` rows. `row` and `donor_row` are
 * images of height 1 with one plane; `row` is as wide as the image. Rows may come in any order. In planar images a
 * constant fill has the values of this plane only. Costs what the operation does on one row, and nothing in a row outside
 * the box.
 *
 * Errors: as `cutmix_mix_in_place`, and `CUTMIX_ROW_OUTSIDE` if `y` is not below `image_height`, `CUTMIX_SIZE_MISMATCH` or
 * `CUTMIX_COUNT_MISMATCH` if a row has another height or more planes.
 *
 * ```c
 * uint8_t cat[3] = {1, 1, 1}, dog[3] = {9, 9, 9}; // row 0 of images of 3 x 2
 * cutmix_image row, donor_row;
 * cutmix_sample plan;
 * cutmix_status s = cutmix_image_nhwc(&row, sizeof row, cat, sizeof cat, 3, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_image_nhwc(&donor_row, sizeof donor_row, dog, sizeof dog, 3, 1, 1, CUTMIX_ELEMENT_U8);
 * if (!s) s = cutmix_sample_init(&plan, sizeof plan);
 * plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6;
 * if (!s) s = cutmix_mix_row(CUTMIX_LEVEL_BEST, &row, &donor_row, &plan, NULL, 0, 0, 2);
 * assert(s == CUTMIX_OK && cat[0] == 9 && cat[1] == 9 && cat[2] == 1);
 * ```
 */
cutmix_status cutmix_mix_row(uint32_t level,
                             const struct cutmix_image *row,
                             const struct cutmix_image *donor_row,
                             const struct cutmix_sample *sample,
                             const struct cutmix_fill *fill,
                             uint32_t plane,
                             uint32_t y,
                             uint32_t image_height);

/**
 * Sets a sample to one that does nothing: not applied, no box, ratio 1. Pass `sizeof(cutmix_sample)` as `struct_size`,
 * which is in bytes. Constant cost.
 *
 * Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
 *
 * ```c
 * cutmix_sample plan;
 * cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
 * assert(s == CUTMIX_OK && plan.applied == 0 && plan.kept == plan.total && plan.patch[2] == 0);
 * s = cutmix_sample_init(&plan, sizeof plan - 1);
 * assert(s == CUTMIX_STRUCT_SIZE);
 * ```
 */
cutmix_status cutmix_sample_init(struct cutmix_sample *sample, size_t struct_size);

/**
 * One sentence in English for a status, or for a number that is none: a static string that ends with a zero. Never
 * null; constant cost.
 *
 * ```c
 * assert(strcmp(cutmix_status_message(CUTMIX_OK), "done") == 0);
 * assert(strcmp(cutmix_status_message(CUTMIX_BOX_OUTSIDE), "a box reaches outside its image") == 0);
 * assert(strcmp(cutmix_status_message(-1), "not a status of this library") == 0);
 * ```
 */
const char *cutmix_status_message(cutmix_status status);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CUTMIX_H */
