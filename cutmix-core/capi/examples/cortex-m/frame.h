#include <stdint.h>

/* Mixes the frame of sample `index` and writes one line about it; returns a status of cutmix.h. */
int32_t mix_frame(uint64_t index, char *line);
