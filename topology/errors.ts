/** The one error a bad stack file leads to, and the text that `lab plan`, `pulumi preview` and `pulumi up` all print. */
import type { Issue } from "./types.ts";

const width = 100;

/** Thrown before any resource is made. Holds every problem at once; `message` is the whole text for the user. */
export class LabConfigError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(formatIssues(issues));
    this.name = "LabConfigError";
    this.issues = issues;
  }
}

/** A plan is plain data: what was encrypted in the stack file would stand open in Helm values and in the state. */
export function secretInClear(key: string): Issue {
  return {
    code: "secret-in-clear",
    path: key,
    message:
      `Something under "${key}" is encrypted, but nothing there is kept secret once the lab is planned: it would stand ` +
      `in clear in Helm values, in previews and in the state. Put it there unencrypted if it is no secret, or leave ` +
      `it out and create a Kubernetes Secret with it after \`pulumi up\`.`,
  };
}

/** A headline, then per problem its code, its place in the stack file, and what is wrong, why, and how to mend it. */
function formatIssues(issues: readonly Issue[]): string {
  const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
  const headline = `The lab cannot be built: ${count} in its configuration. Nothing was created or changed.`;
  const entries = issues.map((issue) => `${issue.code}  at istio-lab:${issue.path}\n${wrap(issue.message, "    ")}`);
  return [headline, ...entries].join("\n\n  ");
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => indent + each).join("\n");
}
