"""What a tenant knows: APIs, applications, client grants and signing keys; their models and rules."""
