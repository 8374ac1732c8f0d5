import * as pulumi from "@pulumi/pulumi";

/**
 * An error for the user that is found only while resources are made, inside an output. Pulumi prints a RunError's message
 * alone where the program throws it, but one that an output was rejected with along with where it came from.
 */
export function runError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  // Pulumi adds to the message, later, in which property of which resource the value was wanted.
  Object.defineProperty(error, "stack", { get: () => error.message });
  return error;
}
