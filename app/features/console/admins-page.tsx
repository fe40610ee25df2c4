import { useId } from 'react';
import type { AdminUser } from '#proto/admin/v1/console.ts';
import { Confirmed, ConsoleForm, Field, Notice, RefusalNotice, Table, useWords } from './parts.tsx';
import { ADMIN_ROLES } from '#vocabulary/console.ts';

interface AdminsPageProps {
  csrf: string;
  ownId: string;
  admins: readonly AdminUser[];
  done: { name: string; oneTimePassword: string } | undefined;
}

export function AdminsPage({ csrf, ownId, admins, done }: AdminsPageProps) {
  const { t } = useWords();
  return (
    <>
      <h1 className="text-2xl font-bold">{t('admins.title')}</h1>
      <RefusalNotice />
      {done === undefined ? null : (
        <Notice tone="good">
          {done.oneTimePassword === '' ? (
            t('admins.saved')
          ) : (
            <>
              <p>{t('admins.oneTime', { name: done.name })}</p>
              <p className="mt-2 font-mono text-lg break-all" data-testid="one-time-password">
                {done.oneTimePassword}
              </p>
            </>
          )}
        </Notice>
      )}
      <section className="c-card">
        <Table
          label={t('admins.title')}
          columns={[
            t('admins.person'),
            t('admins.role'),
            t('admins.status'),
            t('admins.mfa'),
            t('admins.lastLogin'),
            t('admins.change'),
          ]}
        >
          {admins.map((admin) => (
            <AdminRow
              key={admin.adminId}
              admin={admin}
              csrf={csrf}
              isOwn={admin.adminId === ownId}
            />
          ))}
        </Table>
      </section>
      <section className="c-card max-w-md space-y-4">
        <h2 className="text-lg font-semibold">{t('admins.invite')}</h2>
        <ConsoleForm csrf={csrf} values={{ intent: 'invite' }} submit={t('admins.inviteSubmit')}>
          <Field label={t('admins.username')} name="username" autoComplete="off" maxLength={40} />
          <Field label={t('admins.email')} name="email" type="email" autoComplete="off" />
          <RoleField role="support" />
        </ConsoleForm>
      </section>
    </>
  );
}

function AdminRow({ admin, csrf, isOwn }: { admin: AdminUser; csrf: string; isOwn: boolean }) {
  const { t, time } = useWords();
  const { adminId, username, role, status } = admin;
  const known = ADMIN_ROLES.find((each) => each === role);
  const state = status === 'disabled' ? 'disabled' : admin.isInvited ? 'invited' : 'active';
  return (
    <tr>
      <th scope="row">
        {username}
        <span className="block text-xs font-normal break-all">{admin.email}</span>
      </th>
      <td>{known === undefined ? role : t(`roles.${known}`)}</td>
      <td>{t(`admins.${state}`)}</td>
      <td>{t(admin.mfaEnabled ? 'admins.yes' : 'admins.no')}</td>
      <td>{admin.lastLoginAt === '' ? t('admins.never') : time(admin.lastLoginAt)}</td>
      <td className="space-y-2">
        {isOwn ? (
          t('admins.you')
        ) : (
          <>
            <details>
              <summary className="c-quiet" aria-label={t('admins.changeOf', { name: username })}>
                {t('admins.change')}
              </summary>
              <div className="mt-2">
                <ConsoleForm
                  csrf={csrf}
                  values={{ intent: 'update', adminId }}
                  submit={t('admins.save')}
                >
                  <RoleField role={role} />
                  <StatusField status={status} />
                </ConsoleForm>
              </div>
            </details>
            <Confirmed summary={t('admins.reset')} question={t('admins.resetSure')}>
              <ConsoleForm
                csrf={csrf}
                values={{ intent: 'reset', adminId, username }}
                submit={t('queues.confirm')}
              />
            </Confirmed>
          </>
        )}
      </td>
    </tr>
  );
}

function RoleField({ role }: { role: string }) {
  const { t } = useWords();
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {t('admins.role')}
      </label>
      <select id={id} name="role" defaultValue={role} className="c-input">
        {ADMIN_ROLES.map((each) => (
          <option key={each} value={each}>
            {t(`roles.${each}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function StatusField({ status }: { status: string }) {
  const { t } = useWords();
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {t('admins.status')}
      </label>
      <select id={id} name="status" defaultValue={status} className="c-input">
        <option value="active">{t('admins.active')}</option>
        <option value="disabled">{t('admins.disabled')}</option>
      </select>
    </div>
  );
}
