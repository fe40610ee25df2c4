import { expect, test } from 'vitest';
import { passwordVerifier } from './password-verifier.ts';

const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');

test('a password is kept as PostgreSQL itself keeps it', () => {
  expect(passwordVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('what looks the same is the same password', () => {
  expect(passwordVerifier('e\u0301 \u2168\u00AD', salt)).toBe(passwordVerifier('\u00E9 IX', salt));
  expect(passwordVerifier('Pencil', salt)).not.toBe(passwordVerifier('pencil', salt));
});

test('no one can tell that two roles have the same password', () => {
  expect(passwordVerifier('pencil')).not.toBe(passwordVerifier('pencil'));
});
