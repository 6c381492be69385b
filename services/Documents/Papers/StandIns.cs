namespace ThiDua.Documents.Papers;

public sealed class PaperSigner;
