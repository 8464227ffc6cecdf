/* Start-up and output for the emulated MPS2 board with the AN386 image, a Cortex-M4 with an FPU: vectors, static memory,
 * semihosting. With -DSIZE nothing is printed, so that what is left is the library and its use. */
#include <stdint.h>

#include "frame.h"

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;

volatile int32_t result;
char line[120];

#ifndef SIZE
static int semihost(int operation, const void *argument) {
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void leave(int code) {
    /* ADP_Stopped_ApplicationExit with an exit code. */
    const uint32_t block[2] = {0x20026, (uint32_t)code};
    semihost(0x20, block);
    for (;;) {
    }
}
#endif

static void run(void) {
#ifdef SIZE
    result = mix_frame(41, line);
    for (;;) {
    }
#else
    uint64_t index;
    for (index = 0; index < 8; ++index) {
        result = mix_frame(index, line);
        if (result) {
            semihost(0x04, "mix_frame refused\n");
            leave(1);
        }
        semihost(0x04, line);
        semihost(0x04, "\n");
    }
    leave(0);
#endif
}

void reset(void) {
    uint32_t *to = &data_start;
    const uint32_t *from = &data_load;
    /* The registers of the FPU may be used from here on (CPACR). */
    *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20;
    __asm__ volatile("dsb\n isb" ::: "memory");
    while (to < &data_end) *to++ = *from++;
    for (to = &bss_start; to < &bss_end;) *to++ = 0;
    run();
}

static void fault(void) {
#ifdef SIZE
    for (;;) {
    }
#else
    semihost(0x04, "fault\n");
    leave(1);
#endif
}

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*handlers[15])(void);
} vectors = {&stack_top, {reset, fault, fault, fault, fault, fault}};
