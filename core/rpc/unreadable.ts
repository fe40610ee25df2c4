import type { TsProtoServiceDefinition } from 'nice-grpc';

const unreadable = new WeakSet<object>();

/** Whether a request is nothing but the sign of one that could not be read. */
export function isUnreadable(request: unknown): boolean {
  return typeof request === 'object' && request !== null && unreadable.has(request);
}

/**
 * The same service, whose requests are always read: what cannot be (a number beyond 2^53, half a message) is handed on as
 * an empty one with a sign on it. The library would answer INTERNAL, before anybody could say whose mistake it is.
 */
export function readable<Definition extends TsProtoServiceDefinition>(
  definition: Definition,
): Definition {
  const methods = Object.entries(definition.methods).map(([name, method]) => {
    const { requestType } = method;
    const decode: typeof requestType.decode = (bytes) => {
      try {
        return requestType.decode(bytes) as object;
      } catch {
        const empty = requestType.decode(new Uint8Array()) as object;
        unreadable.add(empty);
        return empty;
      }
    };
    return [name, { ...method, requestType: { ...requestType, decode } }];
  });
  return { ...definition, methods: Object.fromEntries(methods) as Definition['methods'] };
}
