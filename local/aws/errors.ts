/** A refusal by AWS: its error code and its wording, as an SDK shows them. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
  }
}

/** What "<thing> does not exist" is called for an EC2 id, such as InvalidSubnetID.NotFound. */
export function notFound(code: string, noun: string, id: string): AwsError {
  return new AwsError(`${code}.NotFound`, `The ${noun} ID '${id}' does not exist`);
}

/** EC2's refusal to delete what others still use. */
export function dependencyViolation(noun: string, id: string): AwsError {
  return new AwsError("DependencyViolation", `The ${noun} '${id}' has dependencies and cannot be deleted.`);
}
