// Where the packaged program begins: asks the kernel to read the part of the file that a start needs
// (start_first.ld puts it first), and nothing else. By itself the kernel reads around the first page
// that is touched, often the whole file, and the start waits for all of it.
#include <sys/syscall.h>

#define MADV_WILLNEED 3

    .section .entry, "ax"
    .globl entry
    .type entry, %function
entry:
#if defined(__x86_64__)
    mov $__executable_start, %edi
    mov $start_part_size, %esi
    mov $MADV_WILLNEED, %edx
    mov $SYS_madvise, %eax
    syscall
    xor %edx, %edx  // as the kernel left it: nothing to be called at the end
    jmp _start
#elif defined(__aarch64__)
    adrp x0, __executable_start
    ldr x1, =start_part_size
    mov x2, #MADV_WILLNEED
    mov x8, #SYS_madvise
    svc #0
    mov x0, #0  // as the kernel left it: nothing to be called at the end
    b _start
#endif
    .section .note.GNU-stack, "", %progbits
