import {
	createCipheriv,
	createHash,
	generateKeyPairSync,
	hkdfSync,
	randomBytes,
	sign,
} from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A seller of the tests: signs files as the format is written down, with nothing of the client's code. */
export function seller(kid = 'key-1') {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const signText = (text: string) =>
		sign(null, Buffer.from(text), privateKey).toString('base64url');
	return {
		kid,
		keys: {
			keys: [{ kty: 'OKP', crv: 'Ed25519', kid, x: publicKey.export({ format: 'jwk' }).x ?? '' }],
		},
		write(claims: object, sealFor?: { key: string; fingerprint: string }) {
			const plain = Buffer.from(JSON.stringify(claims));
			const payload = sealFor === undefined ? plain : seal(plain, sealFor);
			const mode = sealFor === undefined ? 'plain' : 'sealed';
			const text = `1.${kid}.${mode}.${payload.toString('base64url')}`;
			return armour(`${text}.${signText(`autopilot-license/v1\n${text}`)}`);
		},
		revoke(list: object) {
			const payload = Buffer.from(JSON.stringify(list)).toString('base64url');
			const signature = signText(`autopilot-license-revocations/v1\n${kid}.${payload}`);
			return { kid, payload, signature };
		},
		signText,
	};
}

/** Puts checksum and frame around the signed text. */
export function armour(signed: string): string {
	const body = `${signed}.${crc32(signed).toString(16).padStart(8, '0')}`;
	const lines = body.match(/.{1,64}/g) ?? [];
	return ['-----BEGIN LICENSE FILE-----', ...lines, '-----END LICENSE FILE-----'].join('\n');
}

export function hashOf(fingerprint: string): string {
	return createHash('sha256')
		.update(`autopilot-license/fingerprint/v1\n${fingerprint}`)
		.digest('base64url');
}

function seal(plain: Buffer, { key, fingerprint }: { key: string; fingerprint: string }): Buffer {
	const salt = randomBytes(16);
	const iv = randomBytes(12);
	const secret = hkdfSync('sha256', key, salt, `autopilot-license/seal/v1\n${fingerprint}`, 32);
	const cipher = createCipheriv('aes-256-gcm', Buffer.from(secret), iv);
	return Buffer.concat([salt, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
