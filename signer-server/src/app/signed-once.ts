/**
 * Signs a text when it is asked for and is another one than last time, and gives everyone else the same note: whoever may ask
 * must not be able to keep the HSM busy. A failure is forgotten.
 */
export function signedOnce(
  read: () => Promise<string>,
  sign: (text: string) => Promise<string>,
): () => Promise<string> {
  let last: { readonly text: string; readonly note: Promise<string> } | undefined;
  return async () => {
    const text = await read();
    if (last?.text === text) return last.note;
    const signed = { text, note: sign(text) };
    last = signed;
    signed.note.catch(() => {
      if (last === signed) last = undefined;
    });
    return signed.note;
  };
}
