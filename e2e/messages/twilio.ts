// Twilio: text messages and WhatsApp. https://www.twilio.com/docs/messaging/api/message-resource
import { randomBytes } from 'node:crypto';
import { refuse, textOf, type Desk } from './desk.ts';
import { published } from './published-schemas.ts';

const pathOf = /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})(\/Messages)?\.json$/;
const number = /^(whatsapp:)?\+[1-9]\d{6,14}$/;
/** Numbers that answer as Twilio's own test numbers do. */
const magic: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550009': 21614,
  '+15005550010': 21610,
};

const problem = (status: number, code: number, message: string) =>
  refuse(status, {
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  });

export const twilio: Desk = {
  name: 'twilio',
  host: /^api\.twilio\.com$/,
  answer({ method, path, headers, body }) {
    const [, account = '', messages] = pathOf.exec(path) ?? [];
    const [user, secret] = Buffer.from(
      textOf(headers['authorization']).replace(/^Basic /, ''),
      'base64',
    )
      .toString('utf8')
      .split(':');
    if (account === '') return problem(404, 20404, 'The requested resource was not found');
    if (user !== account || (secret ?? '').length < 8) return problem(401, 20003, 'Authenticate');
    if (method === 'GET' && messages === undefined)
      return { answer: { status: 200, body: { sid: account, status: 'active' } } };
    if (method !== 'POST') return problem(405, 20004, 'Method not allowed');
    const fields = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    const fault = published(
      'twilio',
      '/2010-04-01/Accounts/{AccountSid}/Messages.json',
      'application/x-www-form-urlencoded',
      fields,
    );
    if (fault !== undefined) return problem(400, 21212, fault);
    const {
      To: to = '',
      From: from = '',
      MessagingServiceSid: service = '',
      Body: text = '',
    } = fields;
    if (!number.test(to)) return problem(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (from === '' && service === '') return problem(400, 21603, "A 'From' number is required");
    if (from !== '' && !number.test(from)) return problem(400, 21212, "Invalid 'From' Number");
    if (text === '') return problem(400, 21602, 'Message body is required');
    if (text.length > 1_600) return problem(400, 21617, 'The concatenated message is too long');
    const refused = magic[to];
    if (refused !== undefined) return problem(400, refused, 'Refused by a test number');
    const sid = `SM${randomBytes(16).toString('hex')}`;
    return {
      answer: {
        status: 201,
        body: { sid, account_sid: account, status: 'queued', to, from: from || null, body: text },
      },
      message: {
        channel: to.startsWith('whatsapp:') ? 'whatsapp' : 'sms',
        from: from || service,
        to: to.replace('whatsapp:', ''),
        subject: '',
        html: '',
        text,
        headers: {},
        id: sid,
      },
    };
  },
};
