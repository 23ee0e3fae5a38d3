namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How closely the syntax tree that a code action made is compared with the tree that its text parses to.</summary>
public enum CodeActionValidationMode
{
    /// <summary>Only the text counts.</summary>
    None,

    /// <summary>Nodes and tokens must be the same; trivia may hang on other tokens.</summary>
    SemanticStructure,

    /// <summary>Nodes, tokens and trivia must be the same.</summary>
    Full,
}
