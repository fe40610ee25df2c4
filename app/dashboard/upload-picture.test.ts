import { describe, expect, test } from 'vitest';
import { MAX_BYTES } from '../features/pictures/limits.ts';
import { MAX_PICTURE_BYTES, uploadPicture } from './upload-picture.ts';

const file = new File(['x'], 'cup.png', { type: 'image/png' });
const answered = (answer: Response | Error) => () =>
  answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);

describe('a picture that was chosen', () => {
  test('is sent as a form to the app, and answered with its name', async () => {
    const sent: unknown[] = [];
    const answer = await uploadPicture(file, (...call) => {
      sent.push(call[0], (call[1]?.body as FormData).get('picture'));
      return Promise.resolve(Response.json({ ok: true, picture: 'picture:1' }));
    });
    expect(answer).toEqual({ picture: 'picture:1' });
    expect(sent).toEqual(['/app/pictures', file]);
  });

  test('is not sent at all when it is larger than the server takes', async () => {
    expect(MAX_PICTURE_BYTES).toBe(MAX_BYTES);
    const large = new File([new Uint8Array(MAX_BYTES + 1)], 'large.png');
    const never = answered(new Error('was sent'));
    expect(await uploadPicture(large, never)).toEqual({ refused: 'picture_size' });
  });

  test.each([
    [
      Response.json({ ok: false, fields: { picture: 'picture_type' } }, { status: 400 }),
      { refused: 'picture_type' },
    ],
    [Response.json({ error: {} }, { status: 413 }), { refused: 'picture_size' }],
    [Response.json({ ok: false, fields: {} }, { status: 503 }), { failed: true }],
    [new Response('<html>', { status: 502 }), { failed: true }],
    [new TypeError('no network'), { failed: true }],
  ])('that was not taken says why, or that it may be tried again', async (answer, said) => {
    expect(await uploadPicture(file, answered(answer))).toEqual(said);
  });
});
