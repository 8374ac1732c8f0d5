/** A refusal by AWS: its error code and its wording, as an SDK shows them. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
  }
}

/** AWS has made it, but not into what was asked for: it stands there, is paid for, and has to be dealt with. */
export class HalfMade extends AwsError {
  /** What the caller gets to know of it. */
  readonly made: { id: string; outputs: Record<string, unknown> };

  constructor(code: string, message: string, made: HalfMade["made"]) {
    super(code, message);
    this.made = made;
  }
}

/** As HalfMade, thrown by a resource type, before the ledger words what the caller gets to know. */
export class CreateFailed extends AwsError {
  readonly id: string;

  constructor(code: string, message: string, id: string) {
    super(code, message);
    this.id = id;
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
