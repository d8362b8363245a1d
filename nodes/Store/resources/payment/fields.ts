import { idField } from '../../../shared/fields.ts';

export const paymentId = idField('Payment ID', 'paymentId', 'ID of the payment');
