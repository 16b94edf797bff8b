// usage: node sign_with_smithy.cjs NODE_MODULES_DIR
//
// Signs the requests on stdin, one JSON object a line, with the signer of AWS's JavaScript SDK, and
// answers as the sign_requests program does. What this signer leaves to its caller is done here:
//
// - It signs one value a header name: the values of a repeated name are joined with ','.
// - It signs the Host header as it is: a default port is left out, as it is on the wire.
// - Presigning moves x-amz-* headers into the query by default; here they stay headers.
// - For S3, x-amz-content-sha256 says that a presigned request's body is not signed; the SDK's own
//   S3 presigner sets it and does not sign it.
"use strict";

const crypto = require("node:crypto");
const readline = require("node:readline");
const { SignatureV4, getCanonicalQuery } = require(`${process.argv[2]}/@smithy/signature-v4`);

class Sha256 {
    constructor(key) {
        this.hash = key ? crypto.createHmac("sha256", key) : crypto.createHash("sha256");
    }
    update(data) {
        this.hash.update(data);
    }
    async digest() {
        return this.hash.digest();
    }
}

class ExplainingSigner extends SignatureV4 {
    createCanonicalRequest(...parts) {
        this.canonicalRequest = super.createCanonicalRequest(...parts);
        return this.canonicalRequest;
    }
    async createStringToSign(...parts) {
        this.stringToSign = await super.createStringToSign(...parts);
        return this.stringToSign;
    }
}

function joinedHeaders(pairs) {
    const headers = {};
    for (const [name, value] of pairs) {
        const lowerCase = name.toLowerCase();
        const text = lowerCase === "host" ? value.replace(/:(80|443)$/, "") : value;
        const folded = text.replace(/[ \t]+/g, " ").replace(/^ | $/g, "");
        headers[lowerCase] = lowerCase in headers ? `${headers[lowerCase]},${folded}` : folded;
    }
    return headers;
}

function groupedQuery(pairs) {
    const query = {};
    for (const [name, value] of pairs) (query[name] ??= []).push(value);
    return query;
}

function signerOf(record) {
    return new ExplainingSigner({
        service: record.service,
        region: record.region,
        credentials: {
            accessKeyId: record.access_key_id,
            secretAccessKey: record.secret_access_key,
            sessionToken: record.session_token || undefined,
        },
        sha256: Sha256,
        uriEscapePath: record.normalize_path,
        applyChecksum: record.content_sha256_header,
    });
}

async function presignedQuery(signer, record, request) {
    if (record.content_sha256_header) request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
    const signed = await signer.presign(request, {
        signingDate: new Date(record.epoch_seconds * 1000),
        expiresIn: record.expires,
        unhoistableHeaders: new Set(Object.keys(request.headers)),
        unsignableHeaders: new Set(["x-amz-content-sha256"]),
    });
    return `${getCanonicalQuery(signed)}&X-Amz-Signature=${signed.query["X-Amz-Signature"]}`;
}

async function addedHeaders(signer, record, request) {
    const signed = await signer.sign(request, {
        signingDate: new Date(record.epoch_seconds * 1000),
    });
    const added = Object.entries(signed.headers).filter(([name]) => !(name in request.headers));
    return Object.fromEntries(added);
}

async function answer(record) {
    const signer = signerOf(record);
    const request = {
        method: record.method,
        path: record.path,
        query: groupedQuery(record.query),
        headers: joinedHeaders(record.headers),
        body: record.body,
    };
    const sent = record.presign
        ? { query: await presignedQuery(signer, record, request) }
        : { headers: await addedHeaders(signer, record, request) };
    return {
        ...sent,
        canonical_request: signer.canonicalRequest,
        string_to_sign: signer.stringToSign,
    };
}

async function main() {
    for await (const line of readline.createInterface({ input: process.stdin })) {
        process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
    }
}

main();
