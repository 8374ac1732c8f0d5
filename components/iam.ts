/**
 * Who may do what in AWS, as typed statements: each says where it is from, and a broad one why it cannot be narrower.
 * test/components/iam.test.ts holds the whole list of actions of every role. The one role that is not here is that of
 * the EKS cluster itself, which the eks component makes with AWS's policy AmazonEKSClusterPolicy.
 */

/** Operators, such as `StringEquals`, with the keys that they compare. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What a role may do. */
export interface Statement {
  readonly name: string;
  readonly actions: readonly string[];
  readonly resources: "*" | readonly string[];
  readonly conditions?: Conditions;
  /** The page that asks for it. */
  readonly source: string;
  /** Why it names no condition and no resource, or those of a kind in any account; or why it names actions by a pattern. */
  readonly broad?: string;
}

/** Which service of AWS may take a role. */
export interface Trust {
  readonly service: string;
  readonly actions: readonly string[];
  readonly source: string;
}

/** A policy that AWS keeps. */
export interface ManagedPolicy {
  readonly name: string;
  readonly source: string;
}

const version = "2012-10-17";

/** The document of a policy: what IAM knows of the statements. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: version,
    Statement: statements.map(({ name, actions, resources, conditions }) => ({
      Sid: name,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  });
}

/** The document by which a role trusts. */
export function trustDocument({ service, actions }: Trust): string {
  return JSON.stringify({
    Version: version,
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

export function managedPolicyArn({ name }: ManagedPolicy): string {
  return `arn:aws:iam::aws:policy/${name}`;
}
