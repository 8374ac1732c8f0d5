/** The keys of a stack file, read from topology/schema.ts: what may be written there, and the comment beside it. */
import { readFileSync } from "node:fs";
import ts from "typescript";

export interface ConfigKey {
  /** As one writes it down, such as `clusters[].gateways.ingress`. */
  readonly path: string;
  /** What may stand there, such as `true or false` or `LoadBalancer, NodePort`; absent for a key with keys below. */
  readonly values?: string;
  /** The comment, with its default. Empty where there is none. */
  readonly says: string;
}

const file = new URL("../../topology/schema.ts", import.meta.url);

/** @throws Error that names a part of the schema which is not understood */
export function configKeys(text = readFileSync(file, "utf8")): ConfigKey[] {
  const source = ts.createSourceFile("schema.ts", text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer !== undefined) constants.set(name.text, initializer);
  }
  const schema = constants.get("configSchema");
  if (schema === undefined) throw new Error("topology/schema.ts has no configSchema.");
  return new Reader(constants, source).keys(schema, "");
}

/** What a call of zod's is, without `.optional()`, `.min(1)` and their like. */
interface Call {
  readonly name: string;
  readonly first: ts.Expression | undefined;
}

class Reader {
  readonly #constants: ReadonlyMap<string, ts.Expression>;
  readonly #source: ts.SourceFile;

  constructor(constants: ReadonlyMap<string, ts.Expression>, source: ts.SourceFile) {
    this.#constants = constants;
    this.#source = source;
  }

  keys(expression: ts.Expression, path: string): ConfigKey[] {
    return this.#objects(expression).flatMap(({ object, list }) =>
      object.properties.filter(ts.isPropertyAssignment).flatMap((property) => {
        const own = `${path}${list ? "[]" : ""}${path === "" ? "" : "."}${property.name.getText(this.#source)}`;
        const below = this.keys(property.initializer, own);
        const says = this.#comment(property);
        return [
          { path: own, says, ...(below.length > 0 ? {} : { values: this.#values(property.initializer) }) },
          ...below,
        ];
      }),
    );
  }

  /** Objects that may stand somewhere, alone or in a list; `a.extend(b)` is both. */
  #objects(expression: ts.Expression): { object: ts.ObjectLiteralExpression; list: boolean }[] {
    if (ts.isIdentifier(expression)) {
      const constant = this.#constants.get(expression.text);
      if (constant !== undefined) return this.#objects(constant);
    }
    if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
      const { expression: of, name } = expression.expression;
      const [more] = expression.arguments;
      if (name.text === "extend" && more !== undefined && ts.isObjectLiteralExpression(more))
        return [{ object: more, list: false }, ...this.#objects(of)];
      if (!ts.isIdentifier(of) || of.text !== "z") return this.#objects(of);
    }
    const { name, first } = this.#call(expression);
    if (first === undefined) return [];
    if (name === "strictObject" && ts.isObjectLiteralExpression(first)) return [{ object: first, list: false }];
    if (name === "array") return this.#objects(first).map(({ object }) => ({ object, list: true }));
    if (name === "union" && ts.isArrayLiteralExpression(first))
      return first.elements.flatMap((each) => this.#objects(each));
    return [];
  }

  #values(expression: ts.Expression): string {
    const { name, first } = this.#call(expression);
    const inside = (of: ts.Expression | undefined): string => (of === undefined ? "" : this.#values(of));
    switch (name) {
      case "array":
        return `list of ${inside(first)}`;
      case "boolean":
        return "true or false";
      case "enum":
        return this.#words(first).join(", ");
      case "int":
        return "whole number";
      case "literal":
        return first?.getText(this.#source) ?? "";
      case "record":
        return "keys and values";
      case "cidrv4":
        return "IPv4 block";
      case "url":
        return "URL";
      case "json":
        return "anything";
      case "string":
        return "text";
      case "union":
        if (first !== undefined && ts.isArrayLiteralExpression(first)) return first.elements.map(inside).join(" or ");
    }
    throw new Error(`test/docs/config-keys.ts does not know z.${name}, which topology/schema.ts uses.`);
  }

  /** Words of an enumeration, written in place or in a constant. */
  #words(expression: ts.Expression | undefined): string[] {
    if (expression === undefined) return [];
    if (ts.isAsExpression(expression)) return this.#words(expression.expression);
    if (ts.isIdentifier(expression)) return this.#words(this.#constants.get(expression.text));
    if (!ts.isArrayLiteralExpression(expression)) return [];
    return expression.elements.filter(ts.isStringLiteral).map(({ text }) => text);
  }

  /** Follows constants, and the chain of calls down to the one of `z`. */
  #call(expression: ts.Expression): Call {
    if (ts.isIdentifier(expression)) {
      const constant = this.#constants.get(expression.text);
      if (constant !== undefined) return this.#call(constant);
    }
    if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
      const { expression: of, name } = expression.expression;
      if (ts.isIdentifier(of) && of.text === "z") return { name: name.text, first: expression.arguments[0] };
      return this.#call(of);
    }
    throw new Error(`test/docs/config-keys.ts does not understand: ${expression.getText(this.#source)}`);
  }

  #comment(property: ts.PropertyAssignment): string {
    const [comment] = ts.getLeadingCommentRanges(this.#source.text, property.getFullStart()) ?? [];
    if (comment === undefined) return "";
    return this.#source.text
      .slice(comment.pos, comment.end)
      .replaceAll(/^\/\*\*?|\*\/$/g, "")
      .replaceAll(/^\s*\*\s?/gm, "")
      .replaceAll(/\s+/g, " ")
      .trim();
  }
}
