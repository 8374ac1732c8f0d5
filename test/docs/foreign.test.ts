import assert from "node:assert/strict";
import { foreignProblems } from "./foreign.ts";
import { pages, read } from "./pages.ts";

const fenced = (command: string): string => `\`\`\`\n${command}\n\`\`\`\n`;

describe("commands of other people's programs", () => {
  for (const page of pages)
    it(`are such as a reader can type: ${page}`, () => assert.deepEqual(foreignProblems(read(page)), []));

  const wrong: [title: string, markdown: string, problem: RegExp][] = [
    ["a program that a reader does not have", fenced("fly there"), /no reader has fly/],
    ["one behind a pipe", fenced("kubectl get pods | fly"), /no reader has fly/],
    ["one in `$( … )`", fenced('eval "$(fly)"'), /no reader has fly/],
    ["one behind a variable", fenced("A=b fly"), /no reader has fly/],
    ["a picture that is taken for a command", fenced("pods -> Service"), /no reader has pods/],
    ["a verb that kubectl does not have", fenced("kubectl fly"), /kubectl has no verb "fly"/],
    ["one behind a context", fenced("kubectl --context east fly"), /no verb "fly"/],
    ["one behind `xargs`", fenced("ls | xargs kubectl --context=east fly"), /no verb "fly"/],
    ["one in the local cloud", "`npm run local -- exec -- kubectl fly`", /no verb "fly"/],
    ["one in a sentence", "Type `istioctl fly` then.", /istioctl has no verb "fly"/],
    ["a verb below another", fenced("istioctl proxy-config pods deploy/curl"), /no verb "proxy-config pods"/],
    ["a verb that is missing", fenced("kubectl rollout"), /no verb "rollout"/],
    ["an option that kubectl does not have", fenced("kubectl get pods --show-label"), /get has no option --show-label/],
    ["another verb's option", fenced("kubectl logs deploy/curl --overwrite"), /logs has no option --overwrite/],
    ["a short option", fenced("istioctl proxy-status -x a"), /proxy-status has no option -x/],
    ["an option with its value", fenced("kubectl scale deploy/a --replica=0"), /no option --replica$/],
    ["a verb of Pulumi", fenced("pulumi fly"), /pulumi has no verb "fly"/],
    ["a verb of Pulumi's stacks", fenced("pulumi stack remove single"), /no verb "stack remove"/],
    ["an option of Pulumi", "Type `pulumi destroy --preserve-config`.", /no option --preserve-config/],
    ["an operation of AWS", fenced("aws ec2 delete-security-groups --group-id a"), /no verb "ec2 delete-/],
    ["a stack that there is not", fenced("pulumi up --stack many"), /no stack many/],
    ["a stack of the lab that there is not", "`npm run lab -- dashboard kiali --stack many`", /no stack many/],
    ["a stack file that there is not", fenced("pulumi up --config-file stacks/many.yaml"), /no file stacks.many/],
    ["a stack without its file", fenced("pulumi preview --stack canary"), /without --config-file stacks.canary/],
  ];
  for (const [title, markdown, problem] of wrong)
    it(`are found wanting: ${title}`, () => {
      const found = foreignProblems(markdown);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", problem);
    });

  it("pass where they are well, in a sentence also a name alone", () => {
    const good = [
      "kubectl --context east exec -n a deploy/curl -c curl -- fly --far",
      "kubectl get secret a -o json | jq '.metadata = {name: \"b\"} | .data' | kubectl apply -f -",
      "pulumi config set --path 'istio-lab:a[0]' --secret -- --b < key.pem",
      "pulumi stack init mine && pulumi up --stack mine --config-file stacks/canary.yaml",
      "pulumi up --stack <stack> --config-file my-lab.yaml",
      "A=b pulumi destroy --refresh   # and fly away",
    ].map(fenced);
    const named = ["kubectl", "istioctl proxy-config", "pulumi stack init", "fly"].map((words) => `\`${words}\``);
    assert.deepEqual(foreignProblems([...good, ...named].join("\n")), []);
    assert.deepEqual(foreignProblems("```text\npods -> Service\n```\n"), []);
  });
});
