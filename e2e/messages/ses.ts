// Amazon SES v2: SendEmail. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
import { randomUUID } from 'node:crypto';
import { jsonOf, recordOf, refuse, textOf, type Desk } from './desk.ts';

const fault = (status: number, type: string, message: string) => ({
  answer: {
    status,
    body: { message },
    headers: { 'x-amzn-errortype': type },
  },
});
const fields = new Set([
  'FromEmailAddress',
  'Destination',
  'ReplyToAddresses',
  'Content',
  'EmailTags',
  'ConfigurationSetName',
  'FeedbackForwardingEmailAddress',
  'ListManagementOptions',
]);
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Amazon's own address of the mailbox simulator. */
const bounced = 'suppressionlist@simulator.amazonses.com';

export const ses: Desk = {
  name: 'ses',
  host: /^email\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com$/,
  answer({ method, path, headers, body }) {
    if (
      !/^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/[\w-]+\/ses\/aws4_request/.test(
        textOf(headers['authorization']),
      )
    )
      return fault(403, 'IncompleteSignatureException', 'The request is not signed');
    if (method === 'GET' && path === '/v2/email/account')
      return {
        answer: { status: 200, body: { SendingEnabled: true, ProductionAccessEnabled: true } },
      };
    if (method !== 'POST' || path !== '/v2/email/outbound-emails')
      return refuse(404, { message: 'Not found' });
    const mail = recordOf(jsonOf(body));
    const unknown = Object.keys(mail).find((name) => !fields.has(name));
    if (unknown !== undefined) return fault(400, 'BadRequestException', `Unknown: ${unknown}`);
    const from = textOf(mail['FromEmailAddress']);
    if (!/^[\x20-\x7e]+$/.test(from) || !address.test(/<([^>]*)>$/.exec(from)?.[1] ?? from))
      return fault(400, 'BadRequestException', 'The sender is no address in ASCII');
    const to = recordOf(mail['Destination'])['ToAddresses'];
    const [recipient] = Array.isArray(to) ? to.map(textOf) : [];
    if (recipient === undefined || !address.test(recipient))
      return fault(400, 'BadRequestException', 'The recipient is no address');
    if (recipient === bounced) return fault(400, 'MessageRejected', 'The address is suppressed');
    const simple = recordOf(recordOf(mail['Content'])['Simple']);
    const parts = recordOf(simple['Body']);
    const dataOf = (part: unknown) => textOf(recordOf(part)['Data']);
    const subject = dataOf(simple['Subject']);
    if (subject === '') return fault(400, 'BadRequestException', 'A subject is needed');
    const given = Array.isArray(simple['Headers']) ? simple['Headers'].map(recordOf) : [];
    const wrong = given.find(
      (header) =>
        !/^[\x21-\x39\x3b-\x7e]{1,126}$/.test(textOf(header['Name'])) ||
        !/^[\x20-\x7e]{1,870}$/.test(textOf(header['Value'])),
    );
    if (wrong !== undefined) return fault(400, 'BadRequestException', 'A header is malformed');
    const id = `0100${randomUUID()}`;
    return {
      answer: { status: 200, body: { MessageId: id } },
      message: {
        channel: 'email',
        from,
        to: recipient,
        subject,
        html: dataOf(parts['Html']),
        text: dataOf(parts['Text']),
        headers: Object.fromEntries(
          given.map((header) => [textOf(header['Name']), textOf(header['Value'])]),
        ),
        id,
      },
    };
  },
};
