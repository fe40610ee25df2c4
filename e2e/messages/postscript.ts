// Postscript: message requests. https://developers.postscript.io/reference
import { randomUUID } from 'node:crypto';
import { jsonOf, recordOf, refuse, textOf, type Desk } from './desk.ts';

const known = new Set(['body', 'phone', 'subscriber_id', 'category', 'scheduled_at', 'media_url']);
const categories = new Set(['promotional', 'transactional', 'conversational']);

export const postscript: Desk = {
  name: 'postscript',
  host: /^api\.postscript\.io$/,
  answer({ method, path, headers, body }) {
    if (!/^Bearer sk_\w{6,}$/.test(textOf(headers['authorization'])))
      return refuse(401, { errors: [{ message: 'Unauthorized' }] });
    if (method === 'GET' && path === '/api/v2/me')
      return { answer: { status: 200, body: { shop: { id: 1, name: 'Demo' } } } };
    if (method !== 'POST' || path !== '/api/v2/message_requests')
      return refuse(404, { errors: [{ message: 'Not found' }] });
    const fields = recordOf(jsonOf(body));
    const unknown = Object.keys(fields).find((name) => !known.has(name));
    if (unknown !== undefined)
      return refuse(422, { errors: [{ field: unknown, message: 'Unknown field' }] });
    const [text, to] = [textOf(fields['body']), textOf(fields['phone'])];
    if (text === '') return refuse(422, { errors: [{ field: 'body', message: 'Required' }] });
    if (!/^\+[1-9]\d{6,14}$/.test(to) && fields['subscriber_id'] === undefined)
      return refuse(422, { errors: [{ field: 'phone', message: 'Required' }] });
    if (fields['category'] !== undefined && !categories.has(textOf(fields['category'])))
      return refuse(422, { errors: [{ field: 'category', message: 'Unknown category' }] });
    const id = randomUUID();
    return {
      answer: { status: 202, body: { id, status: 'queued' } },
      message: {
        channel: 'sms',
        from: 'Postscript',
        to,
        subject: '',
        html: '',
        text,
        headers: {},
        id,
      },
    };
  },
};
