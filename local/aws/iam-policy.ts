import { AwsError } from "./errors.ts";

/** An IAM policy document after parsing. */
interface Statement {
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: string | Record<string, string | string[]>;
  Condition?: unknown;
}

/** The services which this cloud's roles may trust. */
const SERVICE = /^([a-z0-9-]+\.)+amazonaws\.com$/;

/** A managed policy may have 6,144 characters without white space. */
const POLICY_SIZE = 6144;

/** Refuse a role's trust policy as CreateRole does. */
export function assertTrustPolicy(text: string): void {
  for (const statement of statementsOf(text)) {
    if (statement.Principal === undefined) throw malformed("Missing required field Principal");
    if (statement.Resource !== undefined) throw malformed("Has prohibited field Resource");
    if (asList(statement.Action).length === 0) throw malformed("Missing required field Action");
    if (typeof statement.Principal === "string") continue;
    for (const service of asList(statement.Principal["Service"])) {
      if (!SERVICE.test(service)) throw malformed(`Invalid principal in policy: "SERVICE":"${service}"`);
    }
  }
}

/** Refuse an identity policy as CreatePolicy and PutRolePolicy do. */
export function assertPermissionPolicy(text: string): void {
  for (const statement of statementsOf(text)) {
    if (statement.Principal !== undefined) throw malformed("Policy document should not specify a principal.");
    if (asList(statement.Action ?? statement.NotAction).length === 0)
      throw malformed("Policy statement must contain actions.");
    if (asList(statement.Resource ?? statement.NotResource).length === 0) {
      throw malformed("Policy statement must contain resources.");
    }
    for (const action of asList(statement.Action)) {
      if (action !== "*" && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action)) {
        throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      }
    }
  }
  if (text.replaceAll(/\s/g, "").length > POLICY_SIZE) {
    throw new AwsError("LimitExceeded", `Cannot exceed quota for PolicySize: ${POLICY_SIZE}`);
  }
}

/** Whether a trust policy lets a service assume the role by all of the actions. */
export function trusts(text: string, service: string, actions: string[] = ["sts:AssumeRole"]): boolean {
  const allowed = statementsOf(text).filter(
    ({ Effect, Principal }) =>
      Effect === "Allow" && typeof Principal === "object" && asList(Principal["Service"]).includes(service),
  );
  return actions.every((action) => allowed.some((statement) => matchesAction(statement, action)));
}

/**
 * Whether documents together allow an action on something. Resources and conditions are not evaluated: a statement
 * counts when its action does.
 */
export function allows(documents: string[], action: string): boolean {
  const matching = documents.flatMap(statementsOf).filter((statement) => matchesAction(statement, action));
  const denied = matching.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined);
  return !denied && matching.some(({ Effect }) => Effect === "Allow");
}

function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined) return !asList(NotAction).some((pattern) => matches(pattern, action));
  return asList(Action).some((pattern) => matches(pattern, action));
}

function matches(pattern: string, action: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(action);
}

function statementsOf(text: string): Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  const { Statement: list, Version = "2008-10-17" } = (document ?? {}) as { Statement?: unknown; Version?: unknown };
  const statements = Array.isArray(list) ? (list as Statement[]) : list ? [list as Statement] : [];
  const versions = ["2012-10-17", "2008-10-17"];
  const effects = ["Allow", "Deny"];
  const wrong = statements.length === 0 || !versions.includes(String(Version));
  if (wrong || statements.some(({ Effect }) => !effects.includes(String(Effect)))) {
    throw malformed("Syntax errors in policy.");
  }
  return statements;
}

function asList(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocument", message);
}
