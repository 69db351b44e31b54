"""The API as its own OpenAPI file tells it: operations, their roles, and the least request that fits a schema."""

import re

import yaml

DIGEST = "0" * 64
ABSENT = "01890000-0000-7000-8000-000000000000"  # a UUIDv7 that nothing has


class Operation:
    """One method of one path. roles: who has the route; empty: everybody signed in. open: nobody need be."""

    def __init__(self, contract, method, path, words):
        self.contract, self.method, self.path, self.words = contract, method.upper(), path, words
        self.id = words["operationId"]
        self.owner = (words.get("tags") or ["gateway"])[0]
        self.open = words.get("security") == []
        self.roles = words.get("x-roles", [])
        self.parameters = [contract.resolve(p) for p in words.get("parameters", [])]
        self.names = re.findall(r"{(\w+)}", path)
        self.keyed = any(p["name"] == "Idempotency-Key" for p in self.parameters)
        self.versioned = any(p["name"] == "If-Match" and p.get("required") for p in self.parameters)
        self.queries = {p["name"]: p["schema"] for p in self.parameters if p["in"] == "query" and p["name"] != "tenant"}
        content = words.get("requestBody", {}).get("content", {})
        self.media, body = next(iter(content.items()), (None, {}))
        self.schema = contract.resolve(body.get("schema", {}))
        self.answers = [int(status) for status in words["responses"] if status != "default"]
        answer = words["responses"][str(self.answers[0])].get("content", {})
        self.reads = {p["name"] for p in self.parameters if p["in"] == "header"}
        self.tells = set(words["responses"][str(self.answers[0])].get("headers", {}))
        self.produces = list(answer)
        self.answer = contract.resolve(answer.get("application/json", {}).get("schema", {}))
        self.stream = "text/event-stream" in answer

    def __repr__(self):
        return f"{self.method} {self.path}"

    def matches(self, address):
        return re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.path), address) is not None

    def allows(self, role):
        return not self.roles or role in self.roles

    def address(self, ids=None):
        """The path with these ids; what is not among them gets an id that nothing has."""
        ids = ids or {}
        return re.sub(
            r"{(\w+)}", lambda m: ids.get(m[1]) or (DIGEST if m[1].endswith("_sha256") else ABSENT), self.path
        )

    def body(self, ids=None):
        """The least body: every field of the schema with a value of its kind; ids where a field bears their name."""
        if self.media is None:
            return None
        if self.media == "*/*":
            return b"tanggal,jumlah\n2026-11-22,1\n"
        if self.media != "application/json":
            return b"id: kosong\n"
        return self.contract.sample(self.schema, ids or {})

    def headers(self):
        headers = {}
        if self.media and self.media != "application/json":
            headers["Content-Type"] = "text/csv" if self.media == "*/*" else self.media
        if self.versioned:
            headers["If-Match"] = '"1"'
        return headers

    def list_field(self):
        """The repeated field of a list's answer, with next_cursor beside it; None for what is no list."""
        properties = self.answer.get("properties", {})
        if "next_cursor" not in properties:
            return None
        return next(name for name, schema in properties.items() if schema.get("type") == "array")


class Contract:
    def __init__(self, text):
        self.document = yaml.safe_load(text)
        self.operations = [
            Operation(self, method, path, words)
            for path, methods in self.document["paths"].items()
            for method, words in methods.items()
        ]

    def __getitem__(self, name):
        return next(operation for operation in self.operations if operation.id == name)

    def resolve(self, schema):
        while "$ref" in schema:
            at = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                at = at[part]
            schema = at
        return schema

    def sample(self, schema, ids, name=""):
        schema = self.resolve(schema)
        if name in ids and schema.get("type") == "string":
            return ids[name]
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if kind == "object":
            return {key: self.sample(value, ids, key) for key, value in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.sample(schema["items"], ids, name)]
        if kind == "string":
            return {"uuid": ABSENT, "date-time": "2026-11-22T03:00:00Z", "date": "2026-11-22"}.get(
                schema.get("format"), DIGEST if "pattern" in schema else "" if "contentEncoding" in schema else "contoh"
            )
        return {"integer": 1, "number": 1.0, "boolean": False}[kind]

    def differences(self, operation, reply):
        """What an answer of success has that its operation does not document, or lacks."""
        media = reply.headers.get("content-type", "").split(";")[0]
        wrong = [] if reply.status == operation.answers[0] else [f"status {reply.status}, not {operation.answers[0]}"]
        if not operation.produces:
            wrong += [f"a body: {reply.body[:100]!r}"] if reply.body else []
        elif media not in operation.produces:
            wrong += [f"{media!r}, not {operation.produces}"]
        elif media == "application/json" and operation.answer:
            wrong += self.undocumented(operation.answer, reply.json())
        told = {name for name in ("ETag", "Location", "Padan-Position") if name.lower() in reply.headers}
        return wrong + [f"{name} is not documented" for name in told - operation.tells]

    @staticmethod
    def no_such_file(operation, reply):
        """The thing is there and may be seen; a file of this kind its procedure does not make."""
        return "application/json" not in operation.produces and reply.status == 404 and reply.json()["code"] == (
            "gateway.no_such_file"
        )

    def undocumented(self, schema, value, at=""):
        """Pointers of what an answer has and its schema does not, kinds included."""
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
        if not isinstance(value, kinds[schema["type"]]):
            return [f"{at}: {type(value).__name__} instead of {schema['type']}"]
        if schema["type"] == "array":
            return [w for i, item in enumerate(value) for w in self.undocumented(schema["items"], item, f"{at}/{i}")]
        if schema["type"] != "object":
            wrong = "enum" in schema and value not in schema["enum"]
            wrong = wrong or "pattern" in schema and not re.search(schema["pattern"], value)
            wrong = (
                wrong
                or schema.get("format") == "uuid"
                and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)
            )
            return [f"{at}: {value!r}"] if wrong else []
        if "properties" not in schema and "additionalProperties" not in schema:
            return []
        known = schema.get("properties", {})
        return [
            w
            for key, item in value.items()
            for w in (self.undocumented(known[key], item, f"{at}/{key}") if key in known else [f"{at}/{key}"])
        ]
