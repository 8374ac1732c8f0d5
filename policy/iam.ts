/** What identities in AWS may do. */
import type { ResourceGraph, ResourceNode } from "../lab/recorder/graph.ts";
import { field } from "./laws/law.ts";
import { list, text } from "./laws/values.ts";
import type { Policies } from "./policy.ts";

const leastPrivilege = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege";

interface Statement {
  readonly urn: string;
  readonly statement: unknown;
  readonly name: string;
}

/** Policy documents are JSON text or, where the SDK takes them, objects. */
function statements(nodes: readonly ResourceNode[], property: string): readonly Statement[] {
  return nodes.flatMap(({ urn, inputs }) => {
    const document = typeof inputs[property] === "string" ? parsed(inputs[property]) : inputs[property];
    const found = field(document, "Statement");
    const each = found === undefined || Array.isArray(found) ? list(found) : [found];
    return each.map((statement) => ({ urn, statement, name: text(field(statement, "Sid") ?? "without a Sid") }));
  });
}

const permissions = (graph: ResourceGraph): readonly Statement[] =>
  statements(graph.byType("aws:iam/policy:Policy"), "policy").filter(
    ({ statement }) => field(statement, "Effect") === "Allow",
  );
const trust = (graph: ResourceGraph): readonly Statement[] =>
  statements(graph.byType("aws:iam/role:Role"), "assumeRolePolicy");

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? list(value).map(String) : [String(value)]);

/** Every resource, or every one of a kind in whatever account: `arn:aws:elasticloadbalancing:*:*:targetgroup/*`. */
export function isAnything(resource: string): boolean {
  const [, , , , account = "*", ...rest] = resource.split(":");
  const what = rest.length === 0 ? "*" : rest.join(":");
  return what === "*" || (account.includes("*") && what.includes("*"));
}

/** Looking on changes nothing. */
const onlyLooks = (action: string): boolean => /^[a-z0-9-]+:(Describe|Get|List)/.test(action);

export const iamPolicies: Policies = {
  "iam-actions-are-named": {
    what: "Rights that change something are named one by one.",
    source: leastPrivilege,
    severity: "high",
    law: (graph) =>
      permissions(graph)
        .filter(
          ({ statement }) =>
            field(statement, "NotAction") !== undefined ||
            texts(field(statement, "Action")).some((action) => action.includes("*") && !onlyLooks(action)),
        )
        .map(({ urn, name }) => `${urn} allows more actions than it names, in its statement ${name}.`),
  },
  "iam-resources-are-bounded": {
    what: "Rights that change something name resources or one account, or hold under a condition.",
    source: leastPrivilege,
    severity: "high",
    law: (graph) =>
      permissions(graph)
        .filter(({ statement }) => !texts(field(statement, "Action")).every(onlyLooks))
        .filter(
          ({ statement }) =>
            field(statement, "NotResource") !== undefined ||
            (texts(field(statement, "Resource")).some(isAnything) && field(statement, "Condition") === undefined),
        )
        .map(
          ({ urn, name }) =>
            `${urn} may act on every resource, or on every one of a kind in any account, without a condition, in its statement ${name}. Name the resources or the account, or add a Condition.`,
        ),
  },
  "iam-no-rights-to-give-rights": {
    what: "No role of the lab may give rights to others.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    severity: "critical",
    law: (graph) =>
      permissions(graph)
        .filter(({ statement }) =>
          texts(field(statement, "Action")).some(
            (action) => /^(iam|sts|organizations):/i.test(action) && action !== "iam:CreateServiceLinkedRole",
          ),
        )
        .map(({ urn, name }) => `${urn} lets its holder give rights, in its statement ${name}.`),
  },
  "iam-roles-are-for-services": {
    what: "Only services of AWS take the lab's roles, never a person or another account.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    severity: "critical",
    law: (graph) =>
      trust(graph)
        .filter(({ statement }) => {
          const principal = field(statement, "Principal");
          return (
            field(statement, "Effect") !== "Allow" ||
            principal === null ||
            typeof principal !== "object" ||
            Object.keys(principal).join() !== "Service" ||
            !texts(field(principal, "Service")).every((service) => /^[a-z0-9.-]+\.amazonaws\.com$/.test(service))
          );
        })
        .map(({ urn }) => `${urn} can be taken by others than services of AWS.`),
  },
  "iam-no-inline-policies": {
    what: "Rights are managed policies, which can be listed and compared.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    severity: "low",
    law: (graph) => [
      ...graph.byType("aws:iam/rolePolicy:RolePolicy").map(({ urn }) => `${urn} is an inline policy.`),
      ...graph
        .byType("aws:iam/role:Role")
        .filter(({ inputs }) => list(inputs["inlinePolicies"]).length > 0)
        .map(({ urn }) => `${urn} has inline policies.`),
    ],
  },
  "iam-no-users": {
    what: "A lab makes no users and no access keys.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles",
    severity: "critical",
    law: (graph) =>
      graph.nodes
        .filter(({ type }) => /^aws:iam\/(user|accessKey|userLoginProfile)[A-Za-z]*:/.test(type))
        .map(({ urn }) => `${urn} is a key that never ends.`),
  },
  "iam-no-administrators-in-aws": {
    what: "No role is given AWS's own policies for administrators.",
    source: leastPrivilege,
    severity: "critical",
    law: (graph) =>
      graph
        .byType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .filter(({ inputs }) =>
          /policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|.*FullAccess)$/.test(text(inputs["policyArn"])),
        )
        .map(({ urn }) => `${urn} gives a role more than a lab needs.`),
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
