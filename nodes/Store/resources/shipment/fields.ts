import { idField } from '../../../shared/fields.ts';

export const shipmentId = idField('Shipment ID', 'shipmentId', 'ID of the shipment');
