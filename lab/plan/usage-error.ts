/**
 * Something that the user typed or wrote is wrong, or something that the command needs is away or did not come to pass;
 * `message` is all that the command prints, without a stack trace.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
