import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Server as Listener, type Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { ConnectedCluster } from "../../../lab/cluster/connected-cluster.ts";
import { listen } from "../../../lab/dashboard/forward.ts";

/** https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const accepted = (key: string) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

/** A short binary message of a server, on the channel of a port's data. */
const message = (...payload: (string | number[])[]) => {
  const bytes = Buffer.concat([Buffer.from([0]), ...payload.map((each) => Buffer.from(each as string))]);
  return Buffer.concat([Buffer.from([0x82, bytes.length]), bytes]);
};

/** An API server that joins whoever asks for a port, as far as it takes part in that. */
class ApiServer {
  readonly #server: Server = createServer();
  /** Ends of connections to pods, as the API server holds them. */
  readonly sockets: Socket[] = [];

  async open(): Promise<ConnectedCluster> {
    this.#server.on("upgrade", (request, socket: Socket) => {
      const lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${accepted(request.headers["sec-websocket-key"] ?? "")}`,
        "Sec-WebSocket-Protocol: v4.channel.k8s.io",
      ];
      socket.on("error", () => undefined);
      // A close frame is answered, at least by an end.
      socket.on("data", ([first]: Buffer) => (first === 0x88 ? socket.end() : undefined));
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      // The first message of a channel is the port's number.
      socket.write(message([80, 0], "hello"));
      this.sockets.push(socket);
    });
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const config = new KubeConfig();
    const { port } = this.#server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "east", server: `http://127.0.0.1:${String(port)}`, skipTLSVerify: true },
      { name: "somebody" },
    );
    return new ConnectedCluster("east", config);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}

describe("a connection to a pod's port", function () {
  this.timeout(10_000);
  let api: ApiServer;
  let server: Listener;
  let browser: Socket;

  beforeEach(async () => {
    api = new ApiServer();
    const target = () => Promise.resolve({ namespace: "observability", pod: "kiali-1", port: 80 });
    server = await listen({ cluster: await api.open(), target, port: 0, say: () => undefined });
    browser = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [heard] = (await once(browser, "data")) as [Buffer];
    assert.equal(heard.toString(), "hello");
  });
  afterEach(() => {
    browser.destroy();
    server.close();
    api.close();
  });

  it("ends when the pod goes, after what the pod has said", async () => {
    const [socket] = api.sockets;
    const closed = once(browser, "close");
    const heard = once(browser, "data") as Promise<[Buffer]>;
    socket!.write(message("goodbye"));
    socket!.destroySoon();
    assert.equal((await heard)[0].toString(), "goodbye");
    await closed;
  });

  it("ends when the browser gives it up", async () => {
    const closed = once(api.sockets[0]!, "close");
    browser.resetAndDestroy();
    await closed;
  });
});
