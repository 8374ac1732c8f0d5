import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costOf } from "../../lab/plan/cost.ts";
import { readSource } from "../../lab/plan/source.ts";
import { knownStacks } from "../../lab/plan/stacks.ts";
import { planConfig } from "../../topology/plan.ts";
import { judges } from "./command-lines.ts";
import { pages, read, root } from "./pages.ts";
import { commandProblems, type Commands, costProblems, linkProblems, npmCommands, quotedCosts } from "./problems.ts";

function hourly(stack: string): number | null {
  return costOf(planConfig(readSource({ stack }).raw, { today: "2026-01-01" })).hourly;
}

describe("the documentation", function () {
  this.timeout(60_000);

  describe("names commands that there are", () => {
    let commands: Commands;

    before(async () => {
      const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      };
      commands = { scripts: Object.keys(scripts), judges: await judges() };
    });

    for (const page of pages) {
      it(page, () => {
        // What a component makes is read, not typed.
        if (!/\/components\/|^docs\/index\.md$/.test(page))
          assert.ok(npmCommands(read(page)).length > 0, "the page has commands");
        assert.deepEqual(commandProblems(read(page), commands), []);
      });
    }

    const fenced = (command: string): string => `\`\`\`\n${command}\n\`\`\``;
    const wrong: [title: string, markdown: string, problem: RegExp][] = [
      ["an unknown script", "```\nnpm run fly\n```", /no script "fly"/],
      ["an unknown script after a good one", "```sh\nnpm ci && npm run fly # away\n```", /no script "fly"/],
      ["an unknown script in an indented block", "1. So:\n\n   ```\n   npm run fly\n   ```", /no script "fly"/],
      ["an unknown script behind an option", "```\nx=$(npm run --silent fly)\n```", /no script "fly/],
      ["an unknown script in a sentence", "Run `npm run fly` then.", /no script "fly"/],
      ["an unknown command of the local cloud", fenced("npm run local -- fly single"), /unknown command 'fly'/],
      ["an unknown command of the lab", "`npm run lab -- fly`", /unknown command 'fly'/],
      ["an unknown command below one of the lab", "`npm run lab -- exercise fly`", /unknown command 'fly'/],
      ["a command of the local cloud without --", fenced("npm run local up multi"), /put -- before/],
      ["an option of the lab without --", fenced("npm run lab --json -- plan"), /put -- before/],
      ["an unknown option", fenced("npm run lab -- audit single --lab-idx x"), /unknown option '--lab-idx'/],
      ["an unknown option in a sentence", "Type `npm run lab -- audit --lab-idx x`.", /unknown option '--lab-idx'/],
      ["another command's option", fenced("npm run lab -- exercise check subsets --json"), /unknown option '--json'/],
      ["an unknown option in `$( … )`", fenced('eval "$(npm run lab -- kubeconfig --in x)"'), /unknown option '--in'/],
      ["an option without its value", fenced("npm run lab -- plan --out"), /argument missing/],
      ["a value that its option does not take", fenced("npm run lab -- dashboard kiali --port x"), /must be a port/],
      [
        "an option that is missing",
        fenced("npm run lab -- experiment run pod-kill"),
        /'--stack <stack>' not specified/,
      ],
      ["an argument that is missing", fenced("npm run lab -- retrofit --undo"), /missing required argument/],
      ["an argument too many", fenced("npm run lab -- plan single multi"), /too many arguments/],
      ["an argument that there is not", fenced("npm run lab -- dashboard grafna"), /'grafna' is invalid/],
      ["a command that is missing", fenced("npm run lab -- experiment"), /a command is missing/],
      ["an unknown option of the local cloud", fenced("npm run local -- build --previous"), /unknown option/],
      ["an argument too many of the local cloud", fenced("npm run local -- status multi"), /too many arguments/],
      ["an unknown option of what `exec` runs", "`npm run local -- exec -- npm run lab -- plan --fast`", /'--fast'/],
      ["words for a script that takes none", fenced("npm run docs:write -- rules"), /takes no words/],
      ["a suite that there is not", fenced("npm run test:full -- fly"), /no suite/],
      ["a file of tests that there is not", fenced("npm run test:local:one -- e2e/fly.test.ts"), /no e2e.fly/],
    ];
    for (const [title, markdown, problem] of wrong) {
      it(`finds ${title}`, () => {
        const found = commandProblems(markdown, commands);
        assert.equal(found.length, 1);
        assert.match(found[0] ?? "", problem);
      });
    }

    it("lets good ones pass, in a sentence also those that name a command alone", () => {
      const good = [
        "npm run lab -- experiment run pod-kill scale-to-zero --stack multi --repeats 5 > log.txt",
        'eval "$(npm run --silent lab -- kubeconfig multi --out a/kubeconfig)"',
        "npm run local -- exec -- kubectl --context west get nodes -L zone",
        'npm run local -- shell -c "pulumi stack ls"',
        "npm run lab -- audit --lab-id 0badcafe --region us-east-1 us-west-2",
        "npm run lab -- pause --help",
      ].map(fenced);
      const named = ["lab -- retrofit --undo", "lab -- experiment", "local -- exec --", "lab -- exercise check"];
      const markdown = [...good, ...named.map((words) => `\`npm run ${words}\``)].join("\n\n");
      assert.deepEqual(commandProblems(markdown, commands), []);
    });

    it("finds nothing in comments, output and other languages", () => {
      const markdown = "```\nls # npm run fly\necho npm run fly\n```\n\n```json\nnpm run fly\n```\n";
      assert.deepEqual(commandProblems(markdown, commands), []);
    });
  });

  describe("links to what there is", () => {
    for (const page of pages) {
      it(page, () => assert.deepEqual(linkProblems(read(page), join(root, page)), []));
    }

    const readme = join(root, "README.md");
    const wrong: [title: string, markdown: string][] = [
      ["a missing file", "[a page](docs/nowhere.md)"],
      ["a missing picture", "![a picture](docs/pictures/nowhere.svg)"],
      ["a missing heading of another page", "[there](CONTRIBUTING.md#nowhere)"],
      ["a missing heading of the page itself", "# Here\n\n[there](#nowhere)"],
      ["a path that is right in another folder only", "[the code](../local/versions.ts)"],
    ];
    for (const [title, markdown] of wrong) {
      it(`finds ${title}`, () => assert.equal(linkProblems(markdown, readme).length, 1));
    }

    it("lets good ones pass", () => {
      const markdown =
        "# What's `here`, then?\n[a](CONTRIBUTING.md#habits) [b](#whats-here-then) [c](https://x.example/y.md) `[d](e.md)`";
      assert.deepEqual(linkProblems(markdown, readme), []);
    });
  });

  describe("quotes the plan", () => {
    for (const page of ["README.md", "README.ja.md"])
      it(`${page} has a cost for every stack, and it is the plan's`, () => {
        const stacks = quotedCosts(read(page)).map(({ stack }) => stack);
        assert.deepEqual(stacks.toSorted(), knownStacks());
        assert.deepEqual(costProblems(read(page), hourly), []);
      });

    for (const unit of ["per hour", "/ 時間"])
      it(`finds a cost that is not the plan's (${unit})`, () => {
        const row = (text: string) => `| \`single\` | what it is | ${text} ${unit} |`;
        assert.deepEqual(costProblems(row(`$${hourly("single")?.toFixed(2) ?? ""}`), hourly), []);
        const [problem = ""] = costProblems(row("$0.01"), hourly);
        assert.match(problem, /^single: \$0\.01 per hour is quoted, the plan says \d/);
      });

    it("shows the picture that `lab plan multi` draws", () => {
      const folder = mkdtempSync(join(tmpdir(), "lab-docs-"));
      const draw = (stack: string) => {
        execFileSync(process.execPath, ["lab/cli.mjs", "plan", stack, "--out", folder], { cwd: root, stdio: "pipe" });
        return readFileSync(join(folder, stack, "topology.svg"), "utf8");
      };
      try {
        const shown = readFileSync(join(root, "docs/pictures/multi.svg"), "utf8");
        assert.equal(shown, draw("multi"), "copy out/multi/topology.svg after `npm run lab -- plan multi`");
        assert.notEqual(shown, draw("single"), "a picture of another stack is another text");
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
