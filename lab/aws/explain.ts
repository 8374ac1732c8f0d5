/** AWS's refusals in words that say what to do. */

/**
 * Why AWS did not answer, in one sentence; what is not known here stands in AWS's own words.
 * Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function awsCause(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (expired.has(name) || /expired/i.test(message))
    return `The AWS session has expired (${name}): log in again, such as with \`aws sso login\`.`;
  if (missing.has(name))
    return (
      "No AWS credentials were found: set AWS_PROFILE to a profile that there is, or log in with `aws configure` or " +
      `\`aws sso login\`. AWS's SDK says: ${sentence(message)}`
    );
  if (unknown.has(name)) return `AWS does not know these credentials (${name}): the key is wrong or was deleted.`;
  if (name === "AuthFailure")
    return (
      "AWS could not validate the credentials, or the account has not opted in to the region (AuthFailure). " +
      `AWS says: ${sentence(message)}`
    );
  if (closed.has(name)) return `The account has not opted in to the region, or may not use it (${name}).`;
  if (/ENOTFOUND|ECONNREFUSED|TimeoutError|EAI_AGAIN/.test(`${name} ${message}`))
    return `AWS cannot be reached from this machine (${message || name}).`;
  return `${name}: ${message}`;
}

/** On one line, with one full stop. */
const sentence = (message: string): string => `${message.trim().replace(/\s+/g, " ").replace(/\.$/, "")}.`;

const expired = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenProviderError"]);
const missing = new Set(["CredentialsProviderError"]);
const unknown = new Set(["UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch"]);
const closed = new Set(["OptInRequired", "InvalidRegion"]);

/** Whether AWS refused because the caller lacks a permission: then nothing is known, rather than something wrong. */
export const isDenied = (error: unknown): boolean =>
  error instanceof Error && /^(AccessDenied(Exception)?|UnauthorizedOperation)$/.test(error.name);
