import { GraphQLError } from 'graphql';

/** A valid field that the emulator does not model. Never answered by null or an empty list. */
export const notModeled = (what: string): GraphQLError =>
  new GraphQLError(`The emulator does not model ${what}`, { extensions: { code: 'NOT_MODELED' } });
export const badInput = (message: string, code = 'BAD_USER_INPUT'): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });
