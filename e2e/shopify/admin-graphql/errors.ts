import { GraphQLError } from 'graphql';

/** A valid field that the stand-in does not model. Never answered by null or an empty list. */
export const notModelled = (what: string): GraphQLError =>
  new GraphQLError(`The stand-in does not model ${what}`, { extensions: { code: 'NOT_MODELLED' } });
export const badInput = (message: string, code = 'BAD_USER_INPUT'): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });
