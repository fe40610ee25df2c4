import { callLimiter } from '../../cache/limiters.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { storePicture } from '../../files/pictures.server.ts';
import { MAX_BYTES, type PictureProblem } from './limits.ts';
import { reEncode } from './re-encode.server.ts';

export interface Uploaded {
  readonly ok: true;
  /** How a reward or the content names it. */
  readonly picture: string;
}

const uploads = callLimiter('pictures', 20);

/** Stores the picture in the form, as WebP. It belongs to nothing until a form that names it is saved. */
export async function uploadPicture(
  merchant: MerchantRequest,
  form: FormData,
): Promise<Response | Refusal> {
  const file = form.get('picture');
  const refuse = (problem: PictureProblem) => refused(merchant, { picture: problem });
  if (!(file instanceof File) || file.size === 0) return refuse('picture_type');
  if (file.size > MAX_BYTES) return refuse('picture_size');
  if (!(await uploads.admit(merchant.merchantId)))
    throw new CoreError('rate_limited', { message: 'too many pictures within a minute' });
  const result = await reEncode(new Uint8Array(await file.arrayBuffer()));
  if ('problem' in result) return refuse(result.problem);
  const picture = await storePicture(merchant.merchantId, result.picture);
  return Response.json({ ok: true, picture } satisfies Uploaded);
}
