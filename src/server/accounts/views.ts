import { type AccountView, accountSchema } from '../../protocol/accounts.ts';
import type { Account } from '../../store/account-rows.ts';

export const accountView = ({ id, role, name, login, passwordHash }: Account): AccountView =>
  accountSchema.parse({ id, role, name, login, hasPassword: passwordHash !== null });
