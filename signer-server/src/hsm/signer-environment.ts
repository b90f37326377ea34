/** Variables that a signer process inherits. Everything else stays here: the module of a vendor has no business with our secrets. */
const INHERITED = /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH|SYSTEMROOT|WINDIR|TEMP|TMP)$/i;

/** Environment of a signer process with `threads` pool threads. */
export function signerEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  module: Readonly<Record<string, string>>,
  threads: number,
): Record<string, string> {
  const inherited = Object.entries(own).filter(
    (variable): variable is [string, string] => INHERITED.test(variable[0]) && variable[1] !== undefined,
  );
  // At least what Node has by default: reading files takes threads too.
  return { ...Object.fromEntries(inherited), ...module, UV_THREADPOOL_SIZE: String(Math.max(4, threads)) };
}
