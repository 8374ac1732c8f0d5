import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type ts from "typescript";

/** The type of a property as the installed @pulumi/aws declares it, without inputs, outputs and undefined. */
export type Shape =
  "string" | "number" | "boolean" | "any" | { list: Shape } | { map: Shape } | { anyOf: Shape[] } | ObjectShape;

export interface ObjectShape {
  properties: Record<string, Shape>;
  required: string[];
}

/** One resource type or function. */
export interface Schema {
  inputs: ObjectShape;
  /** Names of everything the resource class exposes; empty for functions. */
  outputs: string[];
}

export type Schemas = Record<string, Schema>;

const require = createRequire(import.meta.url);
const sdkDir = dirname(require.resolve("@pulumi/aws/package.json"));

/**
 * Read the schemas of the given tokens ("aws:ec2/vpc:Vpc", "aws:index/getRegion:getRegion") out of the type
 * declarations of the installed @pulumi/aws, so that the stand-in accepts exactly what the real SDK knows. Reading takes
 * seconds, so the result is kept under cacheDir, keyed by the SDK's version; without cacheDir nothing is kept.
 */
export async function loadSchemas(tokens: string[], cacheDir?: string): Promise<Schemas> {
  const { version } = JSON.parse(readFileSync(join(sdkDir, "package.json"), "utf8")) as { version: string };
  const cached = cacheDir && join(cacheDir, `aws-schemas-${version}.json`);
  if (cached && existsSync(cached)) {
    const schemas = JSON.parse(readFileSync(cached, "utf8")) as Schemas;
    if (tokens.every((token) => token in schemas)) return schemas;
  }
  const schemas = await readSchemas(tokens);
  if (cached) {
    mkdirSync(dirname(cached), { recursive: true });
    writeFileSync(`${cached}.${process.pid}`, JSON.stringify(schemas));
    renameSync(`${cached}.${process.pid}`, cached);
  }
  return schemas;
}

async function readSchemas(tokens: string[]): Promise<Schemas> {
  const reader = new DeclarationReader((await import("typescript")).default);
  return Object.fromEntries(tokens.map((token) => [token, reader.schema(token)]));
}

type Interfaces = Map<string, ts.InterfaceDeclaration>;

class DeclarationReader {
  readonly #ts: typeof ts;
  readonly #nested: Interfaces;

  constructor(typescript: typeof ts) {
    this.#ts = typescript;
    this.#nested = this.#interfaces(this.#parse("types/input.d.ts"));
  }

  /** "aws:ec2/vpc:Vpc" is declared in ec2/vpc.d.ts as class Vpc with VpcArgs; functions have GetXArgs. */
  schema(token: string): Schema {
    const [, path = "", name = ""] = token.split(":");
    const source = this.#parse(`${path.replace(/^index\//, "")}.d.ts`);
    const args = this.#interfaces(source).get(`${name[0]?.toUpperCase() ?? ""}${name.slice(1)}Args`);
    const outputs: string[] = [];
    source.forEachChild((node) => {
      if (!this.#ts.isClassDeclaration(node) || node.name?.text !== name) return;
      for (const member of node.members) {
        if (this.#ts.isPropertyDeclaration(member)) outputs.push(member.name.getText(source));
      }
    });
    return { inputs: args ? this.#object(args) : { properties: {}, required: [] }, outputs };
  }

  #parse(file: string): ts.SourceFile {
    const text = readFileSync(join(sdkDir, file), "utf8");
    return this.#ts.createSourceFile(file, text, this.#ts.ScriptTarget.Latest, true);
  }

  /** By qualified name, such as "eks.ClusterVpcConfig". */
  #interfaces(root: ts.Node, prefix = "", found: Interfaces = new Map()): Interfaces {
    this.#ts.forEachChild(root, (node) => {
      if (this.#ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
      else if (this.#ts.isModuleDeclaration(node) && node.body) {
        this.#interfaces(node.body, `${prefix}${node.name.text}.`, found);
      }
    });
    return found;
  }

  #object(declaration: ts.InterfaceDeclaration): ObjectShape {
    const shape: ObjectShape = { properties: {}, required: [] };
    for (const member of declaration.members) {
      if (!this.#ts.isPropertySignature(member) || !member.type) continue;
      const name = member.name.getText();
      shape.properties[name] = this.#shape(member.type);
      if (!member.questionToken) shape.required.push(name);
    }
    return shape;
  }

  #shape(node: ts.TypeNode): Shape {
    const { SyntaxKind } = this.#ts;
    if (this.#ts.isUnionTypeNode(node)) return this.#union(node);
    if (this.#ts.isArrayTypeNode(node)) return { list: this.#shape(node.elementType) };
    if (this.#ts.isTypeLiteralNode(node)) return this.#map(node);
    if (this.#ts.isTypeReferenceNode(node)) return this.#reference(node);
    if (node.kind === SyntaxKind.StringKeyword || this.#ts.isLiteralTypeNode(node)) return "string";
    if (node.kind === SyntaxKind.NumberKeyword) return "number";
    if (node.kind === SyntaxKind.BooleanKeyword) return "boolean";
    return "any";
  }

  #union(node: ts.UnionTypeNode): Shape {
    const shapes = node.types
      .filter((type) => type.kind !== this.#ts.SyntaxKind.UndefinedKeyword)
      .map((type) => this.#shape(type));
    const distinct = [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
    const [only, ...others] = distinct;
    return only !== undefined && others.length === 0 ? only : { anyOf: distinct };
  }

  #map(node: ts.TypeLiteralNode): Shape {
    const index = node.members.find((member) => this.#ts.isIndexSignatureDeclaration(member));
    return { map: index ? this.#shape(index.type) : "any" };
  }

  #reference(node: ts.TypeReferenceNode): Shape {
    const name = node.typeName.getText();
    if (name === "pulumi.Input" && node.typeArguments?.[0]) return this.#shape(node.typeArguments[0]);
    if (name.startsWith("enums.") || name === "ARN") return "string";
    const nested = name.startsWith("inputs.") ? this.#nested.get(name.slice("inputs.".length)) : undefined;
    return nested ? this.#object(nested) : "any";
  }
}
