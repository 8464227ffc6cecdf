/* The C ABI put to the test vectors (docs/VECTORS.md): cc c_vectors.c -lcutmix, then cutmix-verify vectors verify --exec ./a.out */
#include <cutmix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char line[1 << 16], text[1 << 16];
static union { uint8_t bytes[1 << 15]; double aligned; } a, b, work;
static const char *after(const char *name) { /* what follows "name": which stands once in a request */
    char quoted[32];
    const char *at = (snprintf(quoted, sizeof quoted, "\"%s\": ", name), strstr(line, quoted));
    return at ? at + strlen(quoted) : "\"\"";
}
static int is(const char *name, const char *value) { return strncmp(after(name) + 1, value, strlen(value)) == 0 && after(name)[1 + strlen(value)] == '"'; }
static uint64_t number(const char *name) { return strtoull(after(name), NULL, 10); }
static uint32_t n32(const char *name) { return (uint32_t)number(name); }
static double real(const char *name) { /* {"bits": "0x...", "value": ...} */
    uint64_t bits = strtoull(strchr(after(name), 'x') + 1, NULL, 16);
    double x;
    return *(double *)memcpy(&x, &bits, sizeof x);
}
static size_t list(const char *name, uint32_t *out) { /* the numbers of a list, or of a list of lists */
    char *at = (char *)after(name);
    size_t n = 0, depth = 0;
    do
        if (*at >= '0' && *at <= '9') out[n++] = (uint32_t)strtoul(at, &at, 10);
        else depth += (size_t)((*at == '[') - (*at == ']')), ++at;
    while (depth > 0 && n < 64);
    return n;
}
static size_t unhex(const char *name, uint8_t *out) {
    const char *at = after(name) + 1;
    size_t n;
    for (n = 0; at[2 * n] && at[2 * n] != '"'; ++n) { char pair[3] = {at[2 * n], at[2 * n + 1], 0}; out[n] = (uint8_t)strtoul(pair, NULL, 16); }
    return n;
}
static void hex(const char *name, const uint8_t *bytes, size_t n) {
    size_t at = (size_t)sprintf(text, "{\"%s\": \"", name), i = 0;
    for (; i < n; ++i) at += (size_t)sprintf(text + at, "%02x", bytes[i]);
    sprintf(text + at, "\"}");
}
static void numbers(const char *name, const uint32_t *whole, const float *real, size_t n) {
    size_t at = (size_t)sprintf(text, "{\"%s\": [", name), i = 0;
    for (; i < n; ++i) at += (size_t)sprintf(text + at, "%s%.10g", i ? ", " : "", whole ? (double)whole[i] : (double)real[i]);
    sprintf(text + at, "]}");
}
static cutmix_status image(cutmix_image *of, uint8_t *data, size_t bytes) {
    uint32_t element = is("dtype", "u8") ? CUTMIX_ELEMENT_U8 : is("dtype", "u16") ? CUTMIX_ELEMENT_U16 : CUTMIX_ELEMENT_F32;
    cutmix_status status = (is("layout", "nhwc") ? cutmix_image_nhwc : cutmix_image_nchw)(of, sizeof *of, data, bytes, n32("width"), n32("height"), n32("channels"), element);
    return of->plane_pitch *= is("layout", "nchw"), of->row_pitch = (ptrdiff_t)number("row_pitch"), of->plane_pitch = of->plane_pitch ? of->row_pitch * (ptrdiff_t)n32("height") : 0, status;
}
static cutmix_status answer(void) {
    uint32_t w = n32("width"), h = n32("height"), i, grid = is("dtype", "f32") ? CUTMIX_GRID_Q24 : CUTMIX_GRID_Q15, items[64], counts[256] = {0};
    uint32_t patch[4] = {n32("x0"), n32("y0"), n32("x1"), n32("y1")}, rule = is("rule", "paper") ? CUTMIX_RULE_PAPER : is("rule", "official") ? CUTMIX_RULE_OFFICIAL : CUTMIX_RULE_FULL_EXTENT;
    uint64_t kept, total = grid == CUTMIX_GRID_Q24 ? 1 << 24 : 1 << 15;
    int status = -1, cutmix = is("op", "label"); /* no such function here */
    size_t n = number("count"), classes = number("classes"), bytes = unhex(is("op", "cutmix_batch") ? "images" : "pixels_a", a.bytes);
    cutmix_image base, donor;
    cutmix_sample sample, all[8];
    cutmix_config config;
    cutmix_fill fill;
    float row[512];
    cutmix_sample_init(&sample, sizeof sample), cutmix_fill_init(&fill, sizeof fill), sample.applied = 1;
    if (is("op", "box") || is("op", "fixed_box")) {
        status = is("op", "box") ? cutmix_box_of_lambda(rule, real("lambda"), real("cx"), real("cy"), w, h, patch)
                                 : cutmix_box_fixed(rule, n32("side_x"), n32("side_y"), real("cx"), real("cy"), w, h, patch);
        sprintf(text, "{\"x0\": %u, \"y0\": %u, \"x1\": %u, \"y1\": %u}", patch[0], patch[1], patch[2], patch[3]);
    } else if ((cutmix || is("op", "cutout_label")) && classes <= 512) {
        sample.method = cutmix ? CUTMIX_METHOD_CUTMIX : CUTMIX_METHOD_CUTOUT, memcpy(sample.patch, patch, sizeof patch);
        if ((status = cutmix_box_ratio(patch, w, h, &sample.kept, &sample.total)) == 0)
            status = cutmix_label_ids(&sample, row, classes, n32("a"), n32(cutmix ? "b" : "a"), cutmix ? real("smoothing") : 0.0), numbers("row", NULL, row, classes);
    } else if (is("op", "mixup_weight")) {
        if ((status = cutmix_mixup_weight(grid, real("lambda"), &kept, &total)) == 0) sprintf(text, "{\"q\": %llu}", (unsigned long long)kept);
    } else if (is("op", "cutmix") || is("op", "mixup") || is("op", "mixup_exact") || is("op", "cutout")) {
        if ((status = image(&base, a.bytes, bytes)) == 0 && !is("op", "cutout")) status = image(&donor, b.bytes, unhex("pixels_b", b.bytes));
        fill.kind = CUTMIX_FILL_CONSTANT, fill.values = work.bytes, fill.values_len = unhex("fill", work.bytes) / (is("dtype", "f32") ? 4 : is("dtype", "u16") ? 2 : 1), kept = number("q");
        if (status == 0 && is("op", "mixup")) status = cutmix_mixup_weight(grid, real("lambda"), &kept, &total);
        if (status == 0) status = is("op", "cutmix") ? cutmix_paste_in_place(0, &base, &donor, patch, NULL, NULL) : is("op", "cutout") ? cutmix_cutout(0, &base, patch, &fill, NULL, NULL) : cutmix_mixup_in_place(0, &base, &donor, kept, total);
        hex("pixels", a.bytes, bytes);
    } else if (is("op", "cutmix_batch") && n <= 8) {
        if ((status = image(&base, a.bytes, bytes)) == 0 && (list("partners", items) != n || list("boxes", items) != 4 * n)) status = CUTMIX_COUNT_MISMATCH;
        for (i = 0; i < n && status == 0; ++i)
            all[i] = sample, status = cutmix_box_ratio(memcpy(all[i].patch, items + 4 * i, sizeof patch), w, h, &all[i].kept, &all[i].total);
        for (i = 0, list("partners", items); i < n; ++i) all[i].partner = items[i];
        if (status == 0) status = cutmix_batch_in_place(0, &base, n ? bytes / n : 0, all, n, NULL, work.bytes, sizeof work), hex("images", a.bytes, bytes);
    } else if (is("op", "draw_boxes") && w * h < 256 && (status = cutmix_config_init(&config, sizeof config, w, h)) == 0) {
        config.rule = rule, config.cutmix_alpha = config.cutmix_beta = real("alpha");
        for (i = 0; i < n32("draws") && (status = cutmix_plan_sample(5, 0, i, &config, &sample)) == 0; ++i) ++counts[w * h - sample.kept];
        numbers("counts", counts, NULL, w * h + 1);
    }
    return status;
}
int main(void) {
    while (fgets(line, sizeof line, stdin)) {
        int status = strstr(line, "\"hello\"") ? 0 : answer();
        if (strstr(line, "\"hello\"")) printf("{\"ok\": true, \"adapter\": {\"name\": \"C ABI\", \"version\": \"%s\", \"kinds\": [\"box\", \"label\", \"apply\", \"batch\", \"mixup\", \"cutout\", \"law\", \"invalid\"]}}\n", cutmix_version());
        else printf(status < 0 ? "{\"ok\": true, \"unsupported\": true}\n" : status ? "{\"ok\": true, \"refused\": \"%s\"}\n" : "{\"ok\": true, \"output\": %s}\n", status ? cutmix_status_message(status) : text);
        fflush(stdout);
    }
    return 0;
}
