namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The further projects of a solution by name. Looking a project up creates it.</summary>
/// <param name="defaultLanguage">The language of projects that are looked up without one.</param>
/// <param name="defaultExtension">The extension of the sources of that language, without the dot.</param>
public class ProjectCollection(string defaultLanguage, string defaultExtension) : Dictionary<string, ProjectState>
{
    /// <summary>The project of this name, in whatever language it was made; if there is none, a new one in the default language.</summary>
    public new ProjectState this[string projectName]
        => TryGetValue(projectName, out ProjectState? project) ? project : this[projectName, defaultLanguage];

    /// <summary>The project of this name and language. Its sources are <c>/projectName/Test0</c>, <c>/projectName/Test1</c>…</summary>
    /// <exception cref="InvalidOperationException">The project exists in another language.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Neither C# nor Visual Basic.</exception>
    public ProjectState this[string projectName, string language]
    {
        get
        {
            if (!TryGetValue(projectName, out ProjectState? project))
            {
                project = new ProjectState(projectName, language, $"/{projectName}/Test", Extension(language));
                Add(projectName, project);
            }

            return project.Language == language
                ? project
                : throw new InvalidOperationException($"The project '{projectName}' exists already, in {project.Language}.");
        }
    }

    private string Extension(string language)
        => language == defaultLanguage
            ? defaultExtension
            : language switch
            {
                LanguageNames.CSharp => "cs",
                LanguageNames.VisualBasic => "vb",
                _ => throw new ArgumentOutOfRangeException(nameof(language), language, "Only C# and Visual Basic have projects here."),
            };
}
