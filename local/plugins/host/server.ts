import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { connectEngine } from "./engine.ts";
import { handlers } from "./handlers.ts";
import { Activity, endWithEngine } from "./lifetime.ts";
import type { EngineLog } from "./engine.ts";
import type { PluginProvider } from "./provider.ts";

/** Values larger than gRPC's 4 MiB occur: a stack's whole kubeconfigs and manifests. The engine itself allows 400 MiB. */
const messageLimit = 400 * 1024 * 1024;

/** Options for a gRPC server or client that talks with the engine. */
export const channelOptions = {
  "grpc.max_receive_message_length": messageLimit,
  "grpc.max_send_message_length": messageLimit,
};

/**
 * Serves a provider to the engine that started this process: the engine's address is the last argument that is not a
 * flag, and the port goes to standard output. The engine ends the process, or its own end does.
 *
 * @param version what the engine records; the version of the provider that the stand-in imitates
 * @param make called with a way to talk back to the engine
 */
export async function serveProvider(version: string, make: (engine: EngineLog) => PluginProvider): Promise<void> {
  const provider = make(connectEngine(engineAddress(process.argv.slice(2))));
  await listen(providerService.ResourceProviderService, handlers(provider, version));
}

/** The engine's address among a plugin's arguments, such as `--logtostderr -v=1 127.0.0.1:4567`. */
export function engineAddress(args: string[]): string | undefined {
  return args.findLast((argument) => !argument.startsWith("-"));
}

/**
 * Serves the engine on a free port of the loopback interface and prints the port, as the engine expects. The process
 * ends after the engine did.
 */
export async function listen<Methods extends object>(
  service: grpc.ServiceDefinition<Methods>,
  methods: Methods,
): Promise<void> {
  const server = new grpc.Server(channelOptions);
  const activity = new Activity();
  server.addService(service, activity.counted(methods) as unknown as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  console.log(String(port));
  const engine = engineAddress(process.argv.slice(2));
  if (engine) endWithEngine(engine, () => activity.isIdle);
}
