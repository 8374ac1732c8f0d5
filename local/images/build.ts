import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog, type Image, type ImageConfig } from "./catalog.ts";
import type { Tree, Written } from "./layer.ts";
import { RegistryStorage } from "./storage.ts";

/** One line of `index.json`: an image that the registry serves. */
export interface BuiltImage {
  /** With its upstream registry and tag. */
  name: string;
  /** The registry's repository: the name without registry and tag. */
  repository: string;
  tag: string;
  /** The manifest's. */
  digest: string;
}

/**
 * Makes the registry's content in `<target>/storage` and lists it in `<target>/index.json`.
 * @param tools the folder with `bin/`, `servers/` and `share/`
 * @param withPreviousIstio whether its images are wanted too, for which `previous/` must be there
 */
export async function buildImages(tools: string, target: string, withPreviousIstio: boolean): Promise<BuiltImage[]> {
  const built = await storeImages(catalog(tools, withPreviousIstio), join(target, "storage"));
  writeFileSync(join(target, "index.json"), `${JSON.stringify(built, undefined, 2)}\n`);
  return built;
}

/** Stores images so that a registry with that root directory serves them. A layer that several share is made once. */
export async function storeImages(images: Image[], folder: string): Promise<BuiltImage[]> {
  const storage = new RegistryStorage(folder);
  const stored = new Map<Tree, Promise<Written>>();
  const built: BuiltImage[] = [];
  for (const image of images) {
    const layers: Written[] = [];
    for (const tree of image.layers) {
      const layer = stored.get(tree) ?? storage.putLayer(tree);
      stored.set(tree, layer);
      layers.push(await layer);
    }
    built.push(putManifest(storage, image, layers));
  }
  return built;
}

function putManifest(storage: RegistryStorage, image: Image, layers: Written[]): BuiltImage {
  const config = storage.putJson(configuration(image.config, layers));
  const manifest = storage.putJson({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: layers.map((layer) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer })),
  });
  const { repository, tag } = parseName(image.name);
  storage.tag(repository, tag, manifest.digest, [config.digest, ...layers.map(({ digest }) => digest)]);
  return { name: image.name, repository, tag, digest: manifest.digest };
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md */
function configuration(config: ImageConfig, layers: Written[]): object {
  const diffIds = layers.map(({ digest }) => digest);
  return { architecture: "amd64", os: "linux", config, rootfs: { type: "layers", diff_ids: diffIds } };
}

/** Splits `docker.io/istio/pilot:1.31.0`: a mirror is asked for `istio/pilot` and told the registry in a parameter. */
export function parseName(name: string): { repository: string; tag: string } {
  const match = /^[^/]+\/([^:]+):([^:/]+)$/.exec(name);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`An image needs registry, repository and tag, as docker.io/istio/pilot:1.31.0: ${name}`);
  }
  return { repository: match[1], tag: match[2] };
}
