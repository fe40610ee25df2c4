import { CoreError } from './core-client/errors.server.ts';

/**
 * The form that a request brought.
 * @throws CoreError invalid_input when its body is of another type, or not what its type says
 */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CoreError('invalid_input', { message: 'the body is no form' });
  }
}
