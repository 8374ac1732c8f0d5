/** A built site on a port of this machine, with some pages changed. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export interface Served {
  readonly url: string;
  readonly close: () => void;
}

/** @param changed HTML by path, in place of what the site has there or where it has nothing */
export async function serve(folder: string, changed: Readonly<Record<string, string>> = {}): Promise<Served> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const html = changed[path];
    if (html !== undefined) return response.writeHead(200, { "content-type": "text/html" }).end(html);
    const file = fileOf(folder, path);
    if (file === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** As hosts of static sites find it: `/en/cost` is `en/cost.html`, `/en/` is `en/index.html`. */
function fileOf(folder: string, path: string): string | undefined {
  const wanted = join(folder, normalize(path));
  const candidates = [wanted, `${wanted}.html`, join(wanted, "index.html")];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}
