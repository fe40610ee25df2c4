import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type { DescMethod } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { createClient } from 'nice-grpc';
import type { Channel } from 'nice-grpc';
import { ServerReflectionService } from 'nice-grpc-server-reflection';

/** Fields of grpc.reflection.v1.ServerReflectionRequest. */
const fileByFilename = 3;
const fileContainingSymbol = 4;
const listServicesField = 7;

async function ask(channel: Channel, field: number, value: string) {
  const bytes = Buffer.from(
    new BinaryWriter()
      .uint32((field << 3) | 2)
      .string(value)
      .finish(),
  );
  const request = ServerReflectionService.serverReflectionInfo.requestDeserialize(bytes);
  const client = createClient(ServerReflectionService, channel);
  async function* once() {
    yield await Promise.resolve(request);
  }
  for await (const response of client.serverReflectionInfo(once())) return response;
  throw new Error('reflection gave no answer');
}

/** The services a server says it has, as anybody may ask. */
export async function listServices(channel: Channel): Promise<string[]> {
  const response = await ask(channel, listServicesField, '*');
  return (response.getListServicesResponse()?.getServiceList() ?? []).map((service) =>
    service.getName(),
  );
}

/** Every method of those services, with the shape of its request, from the server and not from our sources. */
export async function listMethods(channel: Channel): Promise<DescMethod[]> {
  const services = await listServices(channel);
  const files = new Map<string, FileDescriptorProto>();
  async function learn(field: number, name: string): Promise<void> {
    const response = await ask(channel, field, name);
    const descriptors =
      response.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8() ?? [];
    for (const file of descriptors.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes))) {
      if (files.has(file.name)) continue;
      // What a file imports precedes it: the registry reads them in order.
      for (const dependency of file.dependency) await learn(fileByFilename, dependency);
      files.set(file.name, file);
    }
  }
  for (const service of services) await learn(fileContainingSymbol, service);
  const registry = createFileRegistry(
    create(FileDescriptorSetSchema, { file: [...files.values()] }),
  );
  return services.flatMap((name) => registry.getService(name)?.methods ?? []);
}
