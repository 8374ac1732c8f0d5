/** What docs/en/policies.md says around its tables; policy/ja.ts has the same for docs/ja/policies.md. */
export const sentences = {
  intro: `# Policies

What a lab of this project keeps, as a [Pulumi policy pack](https://www.pulumi.com/docs/iac/crossguard/). The same laws
judge every stack file of the repository in \`npm test\`, as \`pulumi preview\` and as \`pulumi up\` see it; each is caught
by a case that breaks it and lets the mended one pass. Pulumi's own engine has run the pack on the local cloud
(local/e2e/policy.test.ts); nothing here has been run on AWS.

## Use them on your own stacks

\`\`\`
npm ci
pulumi preview --policy-pack policy
pulumi up --policy-pack policy
\`\`\`

What is of low severity is reported; all else stops the update. To change that, write a file such as
\`{"cost-small-nodes": "advisory", "istio-gateway-hosts-narrow": "mandatory"}\` (\`disabled\` is a level too) and name it
with \`--policy-pack-config\`.

The pack judges what a program asks for itself. What charts bring, and what a controller makes later, no policy sees.
A policy that is judged **in tests alone** asks for what Pulumi's engine tells no policy pack: \`deletedWith\`,
\`retainOnDelete\`, or the inputs of components that a plugin makes.
`,
  all: (count: number): string => `## All ${String(count)}\n`,
  policyColumns: ["id", "what holds", "severity", "judged in", "source"],
  inTestsAlone: "tests alone",
  inPackAndTests: "pack, tests",
  exceptions: `
## Exceptions

Where the lab does not do what a policy asks. An exception is made where its reason is true of the lab, and one that no
stack file needs any more fails the tests.
`,
  exceptionColumns: ["policy", "objections", "reason"],
  notApplicable: "\n## Policies of Pulumi's CIS pack that a lab can neither break nor keep\n",
  notApplicableColumns: ["id", "reason"],
} as const;
