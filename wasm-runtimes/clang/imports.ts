import { GO_ON } from "./continuation/names.ts";
import type { Import } from "./layout.ts";

/** All that a program may import. What is not named here, no program gets, whatever it asks for. */

export const NAMESPACE = "wasi_snapshot_preview1";
export const MEMORY = { module: "env", name: "memory" } as const;

const words = (text: string): string[] => text.trim().split(/\s+/);

export const answeredCalls = words(`
  args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get fd_close fd_fdstat_get fd_fdstat_set_flags
  fd_filestat_get fd_prestat_get fd_read fd_seek fd_tell fd_write poll_oneoff proc_exit random_get sched_yield
`);

/** The C library imports these for files, of which there are none. */
export const refusedCalls = words(`
  fd_advise fd_allocate fd_datasync fd_fdstat_set_rights fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name
  fd_pwrite fd_readdir fd_renumber fd_sync path_create_directory path_filestat_get path_filestat_set_times path_link path_open
  path_readlink path_remove_directory path_rename path_symlink path_unlink_file proc_raise sock_accept sock_recv sock_send
  sock_shutdown
`);

export const callNames: readonly string[] = [...answeredCalls, ...refusedCalls];

/** Whether a program may ask for it. The memory is none of these: that is imported for it. */
export const isGiven = ({ module, name }: Import): boolean =>
  module === NAMESPACE ? callNames.includes(name) : module === GO_ON.module && name === GO_ON.name;
