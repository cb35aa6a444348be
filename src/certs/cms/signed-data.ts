import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  id_contentType,
  id_data,
  id_messageDigest,
  id_signedData,
  id_signingTime,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
  SigningTime,
} from '@peculiar/asn1-cms';
import { AsnConvert, AsnObjectIdentifierConverter, AsnSerializer, OctetString } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { pemBlocks } from '../x509/pem.ts';

/** Who signs: a chain in PEM, the leaf first, and the leaf's key as PKCS#8 in PEM. */
export interface CmsSigner {
  chain: string;
  privateKey: string;
}

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_WITH_SHA_256 = '1.2.840.10045.4.3.2';
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';

/**
 * A message with its signature around it (CMS SignedData, RFC 5652 §5), in DER: SHA-256 with the key of the certificate, whose chain goes
 * with it. `now`: milliseconds since the epoch.
 */
export function signedData(content: Uint8Array, signer: CmsSigner, now: number): Uint8Array<ArrayBuffer> {
  const certificates = pemBlocks(signer.chain).map(({ der }) => AsnConvert.parse(der!, Certificate));
  const { issuer, serialNumber } = certificates[0]!.tbsCertificate;
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: SHA_256 });
  const attributes = signedAttributes(content, now);
  const key = createPrivateKey(signer.privateKey);
  const signerInfo = new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
    digestAlgorithm,
    signedAttrs: attributes,
    signatureAlgorithm: signatureAlgorithm(key),
    signature: new OctetString(sign('sha256', setOf(attributes), key)),
  });
  const data = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: id_data,
      eContent: new EncapsulatedContent({ single: new OctetString(content) }),
    }),
    certificates: new CertificateSet(
      certificates.map((certificate) => new CertificateChoices({ certificate })),
    ),
    signerInfos: new SignerInfos([signerInfo]),
  });
  const info = new ContentInfo({ contentType: id_signedData, content: AsnSerializer.serialize(data) });
  return new Uint8Array(AsnSerializer.serialize(info));
}

/** §5.3: with attributes there, the type and the digest of the content are two of them; and when it was signed (§11.3). */
function signedAttributes(content: Uint8Array, now: number): Attribute[] {
  const digest = createHash('sha256').update(content).digest();
  const attribute = (attrType: string, value: ArrayBuffer): Attribute =>
    new Attribute({ attrType, attrValues: [value] });
  const all = [
    attribute(id_contentType, AsnObjectIdentifierConverter.toASN(id_data).toBER()),
    attribute(id_signingTime, AsnSerializer.serialize(new SigningTime(new Date(now)))),
    attribute(id_messageDigest, AsnSerializer.serialize(new OctetString(digest))),
  ];
  // DER has the elements of a SET OF in the order of their encodings (X.690 §11.6).
  return all.sort((a, b) => Buffer.compare(encoded(a), encoded(b)));
}

/** What is signed is the set itself, not as the field that it is in (§5.4). */
function setOf(attributes: readonly Attribute[]): Uint8Array {
  const elements = Buffer.concat(attributes.map(encoded));
  const set = 0x31;
  const length = elements.length < 0x80 ? [elements.length] : [0x81, elements.length];
  return Buffer.concat([Uint8Array.of(set, ...length), elements]);
}

function encoded(attribute: Attribute): Uint8Array {
  return new Uint8Array(AsnSerializer.serialize(attribute));
}

/** RFC 5754 §§3.2, 3.3. */
function signatureAlgorithm(key: KeyObject): SignatureAlgorithmIdentifier {
  return key.asymmetricKeyType === 'rsa'
    ? new SignatureAlgorithmIdentifier({ algorithm: RSA_ENCRYPTION, parameters: null })
    : new SignatureAlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA_256 });
}
