/* job_commands.h - the commands about jobs: run, submit, watch, jobs, job, cancel, outputs.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/jobs_test.sh
 */
#ifndef GEN_CLI_JOB_COMMANDS_H
#define GEN_CLI_JOB_COMMANDS_H

#include "cli/command.h"

gen_command_run gen_job_commands_run;
gen_command_run gen_job_commands_submit;
gen_command_run gen_job_commands_watch;
gen_command_run gen_job_commands_jobs;
gen_command_run gen_job_commands_job;
gen_command_run gen_job_commands_cancel;
gen_command_run gen_job_commands_outputs;

#endif
