import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../shared/errors.ts';

const descriptorFile = path.resolve(import.meta.dirname, '../../proto/gen/descriptor.bin');

/** The descriptor set that `npm run generate` writes beside the generated code. */
export function readDescriptorSet(): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(descriptorFile));
  } catch (cause) {
    throw new DomainError('internal', {
      message: `${descriptorFile} is missing; run npm run generate`,
      cause,
    });
  }
}
