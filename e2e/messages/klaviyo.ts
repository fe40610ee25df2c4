// Klaviyo: events of profiles. https://developers.klaviyo.com/en/reference/create_event
import { jsonOf, recordOf, refuse, textOf, type Desk } from './desk.ts';
import { published } from './published-schemas.ts';

const json = 'application/vnd.api+json';
const problem = (status: number, code: string, detail: string) =>
  refuse(
    status,
    { errors: [{ id: 'emulated', status, code, title: detail, detail, source: {} }] },
    json,
  );

export const klaviyo: Desk = {
  name: 'klaviyo',
  host: /^a\.klaviyo\.com$/,
  answer({ method, path, headers, body }) {
    if (!/^Klaviyo-API-Key pk_\w{6,}$/.test(textOf(headers['authorization'])))
      return problem(401, 'not_authenticated', 'Missing or invalid private key.');
    if (!/^\d{4}-\d\d-\d\d$/.test(textOf(headers['revision'])))
      return problem(400, 'invalid', 'The revision header is missing.');
    if (method === 'GET' && path.startsWith('/api/accounts'))
      return {
        answer: { status: 200, type: json, body: { data: [{ type: 'account', id: 'AbC123' }] } },
      };
    if (method !== 'POST' || path !== '/api/events')
      return problem(404, 'not_found', 'The path could not be found.');
    const event = jsonOf(body);
    const fault = published('klaviyo', '/api/events', json, event);
    if (fault !== undefined) return problem(400, 'invalid', fault);
    const attributes = recordOf(recordOf(recordOf(event)['data'])['attributes']);
    const profile = recordOf(recordOf(recordOf(attributes['profile'])['data'])['attributes']);
    const metric = recordOf(recordOf(recordOf(attributes['metric'])['data'])['attributes']);
    const properties = recordOf(attributes['properties']);
    const to = textOf(profile['email']);
    if (to === '' || textOf(metric['name']) === '')
      return problem(400, 'invalid', 'A profile identifier and the metric’s name are required.');
    if (Object.keys(properties).length > 400)
      return problem(400, 'invalid', 'At most 400 properties.');
    const uniqueId = textOf(attributes['unique_id']);
    return {
      answer: { status: 202, type: json },
      message: {
        channel: 'email',
        from: `Klaviyo flow of “${textOf(metric['name'])}”`,
        to,
        subject: textOf(properties['subject']),
        html: textOf(properties['html']),
        text: textOf(properties['text']),
        headers: {},
        id: uniqueId,
        ...(uniqueId !== '' && { uniqueId }),
      },
    };
  },
};
