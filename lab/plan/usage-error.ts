/** Something that the user typed or wrote is wrong; `message` is all that the command prints, without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
