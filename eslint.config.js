// What keeps the house standing: types, Pulumi's pitfalls, and who may import whom (design: topology -> istio ->
// components -> index.ts; lab beside them; local apart). test/lint/boundaries.test.ts shows that each boundary holds.
import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Kinds of modules that some folders must not import. */
const modules = {
  pulumi: {
    regex: "^@pulumi/",
    message: "Only components/, index.ts and lab/recorder/ know Pulumi: plans are pure data.",
  },
  providers: {
    regex: "^@pulumi/(?!pulumi(/|$))",
    message: "lab/ makes no resources: what exists is decided by the program that `pulumi up` runs.",
  },
  judge: {
    regex: "^@pulumi/",
    message: "Only policy/pack/ knows Pulumi: laws judge a recorded graph, whoever recorded it.",
  },
  builtins: {
    regex:
      "^(node:|(assert|buffer|child_process|crypto|dns|fs|http|https|net|os|path|process|stream|url|util|worker_threads)(/|$))",
    message: "topology/, istio/ and the laws of policy/ are pure: they read and write nothing.",
  },
  folder: (name) => ({
    regex: `^\\.{1,2}/(.*/)?${name}/`,
    message: `Nothing in this folder may depend on ${name}/.`,
  }),
  main: { regex: "^(\\.\\./)+index\\.ts$", message: "Nothing imports the program." },
};

const { folder } = modules;

/** Only index.ts reads configuration; everything else gets a plan. */
const readsConfig = [
  "NewExpression[callee.property.name='Config']",
  "ImportDeclaration[source.value='@pulumi/pulumi'] ImportSpecifier[imported.name='Config']",
  "MemberExpression[property.name=/^(allConfig|getConfig)$/]",
].map((selector) => ({
  selector,
  message: "Only index.ts reads the configuration: take what you need from the plan.",
}));

const models =
  "single|multi-primary|multi-primary-one-network|primary-remote|primary-remote-one-network|external-control-plane";

/** Models are presets that topology/models.ts expands; roles and networks of clusters say the rest. */
const comparesModels = [
  `BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/^(${models})$/]`,
  `SwitchCase > Literal[value=/^(${models})$/]`,
  "BinaryExpression[operator=/^[!=]==?$/]:has(> MemberExpression[property.name='model']):not(:has(> Identifier[name='undefined']))",
  "SwitchStatement > MemberExpression.discriminant[property.name='model']",
].map((selector) => ({
  selector,
  message: "Ask for a cluster's role or network, not for the model's name: only topology/models.ts knows the names.",
}));

/** What would make a plan depend on more than its configuration, or escape the import rules. */
const impure = [
  {
    selector: "ImportExpression",
    message: "topology/ and istio/ are pure: every import stands at the top, where its boundary is checked.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Planning reads no clock: take the day as an argument.",
  },
];

/** Rules for a folder: what it must not import, and which syntax it must not use. */
function boundary(files, imports, syntax = [...readsConfig, ...comparesModels], ignores = []) {
  return {
    name: `boundary of ${files.join(", ")}`,
    files,
    ignores,
    rules: {
      "no-restricted-imports": ["error", { patterns: imports }],
      "no-restricted-syntax": ["error", ...syntax],
    },
  };
}

export default defineConfig(
  globalIgnores(["**/node_modules/", "site/", "out/", "local/out/", "local/**/fixtures/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { "@pulumi": pulumi, "import-x": importX },
    settings: {
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".mjs", ".js"] })],
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-extraneous-dependencies": ["error", { includeTypes: true }],
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // A component hands itself to the functions that make its children.
      "@typescript-eslint/no-this-alias": ["error", { allowedNames: ["parent"] }],
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  boundary(
    ["topology/**/*.ts"],
    [
      modules.pulumi,
      modules.builtins,
      modules.main,
      folder("istio"),
      folder("components"),
      folder("lab"),
      folder("local"),
      folder("policy"),
      folder("test"),
    ],
    [...readsConfig, ...comparesModels, ...impure],
    ["topology/models.ts"],
  ),
  boundary(
    ["topology/models.ts"],
    [
      modules.pulumi,
      modules.builtins,
      modules.main,
      folder("istio"),
      folder("components"),
      folder("lab"),
      folder("local"),
      folder("policy"),
      folder("test"),
    ],
    [...readsConfig, ...impure],
  ),
  boundary(
    ["istio/**/*.ts"],
    [
      modules.pulumi,
      modules.builtins,
      modules.main,
      folder("components"),
      folder("lab"),
      folder("local"),
      folder("policy"),
      folder("test"),
    ],
    [...readsConfig, ...comparesModels, ...impure],
  ),
  {
    name: "no input and no output in topology/ and istio/",
    files: ["topology/**/*.ts", "istio/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", "process", "console", "fetch", "setTimeout", "setInterval"],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Planning is deterministic." },
        { object: "Date", property: "now", message: "Planning reads no clock: take the day as an argument." },
      ],
    },
  },
  boundary(
    ["components/**/*.ts"],
    [modules.main, modules.builtins, folder("lab"), folder("local"), folder("policy"), folder("test")],
  ),
  boundary(["index.ts"], [folder("lab"), folder("local"), folder("policy"), folder("test")], comparesModels),
  boundary(
    ["lab/**/*.ts"],
    [modules.pulumi, modules.main, folder("components"), folder("local"), folder("policy"), folder("test")],
    undefined,
    ["lab/recorder/**"],
  ),
  boundary(
    ["lab/recorder/**/*.ts"],
    [modules.providers, folder("components"), folder("local"), folder("policy"), folder("test")],
    comparesModels,
  ),
  boundary(
    ["policy/**/*.ts"],
    [modules.builtins, modules.judge, modules.main, folder("components"), folder("local"), folder("test")],
    [...readsConfig, ...comparesModels],
    ["policy/pack/**"],
  ),
  boundary(
    ["policy/pack/**/*.ts"],
    [modules.providers, modules.main, folder("components"), folder("local"), folder("test")],
    [...readsConfig, ...comparesModels],
  ),
  {
    name: "the policy pack",
    files: ["policy/**/*.ts"],
    // Its package.json names the pack alone; the dependencies are the project's.
    rules: {
      "import-x/no-extraneous-dependencies": ["error", { includeTypes: true, packageDir: [import.meta.dirname] }],
    },
  },
  {
    name: "tests",
    files: ["test/**/*.ts", "local/test/**/*.ts", "local/e2e/**/*.ts", "local/faults/**/*.ts"],
    // A test may take apart what it has just seen, and what `before` has not set up yet: a wrong guess fails the test.
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // `assert.fail` is handed over as a callback; one of its overloads is deprecated.
      "@typescript-eslint/no-deprecated": "off",
    },
  },
  {
    name: "local cloud",
    files: ["local/**/*.ts"],
    rules: {
      // What comes off the wire has no type: assertions say what it is, and text is made of it all the time.
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      "@typescript-eslint/no-base-to-string": "off",
      // `await sleep(...)` stands where a loop counts.
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
);
