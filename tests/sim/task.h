/* Coroutines that stand for the engine's threads: they run until they pause, and somebody else decides who runs next.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct task;
typedef void task_fn (void *argument);
struct task *task_new (task_fn *function, void *argument);
void task_destroy (struct task **task); /* it must have ended */
/* From outside: runs it until it pauses or ends. */
void task_run (struct task *task);
bool task_has_ended (const struct task *task);
/* From inside. */
void task_pause (struct task *task);
