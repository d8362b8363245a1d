import { idField } from '../../../shared/fields.ts';

export const refundId = idField('Refund ID', 'refundId', 'ID of the refund');
